// SPDX-License-Identifier: Apache-2.0
#include "runner/explain/leak_choice.hpp"

#include <fmt/format.h>

#include <charconv>
#include <functional>
#include <string_view>

#include "analysis/function_name.hpp"
#include "reporters/places.hpp"
#include "reporters/text.hpp"
#include "reporters/wording.hpp"

namespace leakcheck {
namespace {

constexpr std::size_t fewest_digits = 4;  // of a fingerprint

using Means = std::function<bool(const Leak&)>;

std::vector<std::size_t> all_that(const std::vector<Leak>& leaks, const Means& means) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < leaks.size(); ++i)
        if (means(leaks[i])) found.push_back(i);
    return found;
}

// 0 where it is no number.
std::size_t as_number(const std::string& text) {
    std::size_t number = 0;
    const char* const end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, number);
    return result.ec == std::errc() && result.ptr == end ? number : 0;
}

bool is_site(const SourceLocation& site, const std::string& wanted) {
    if (site.function == wanted || qualified_name(site.function) == wanted) return true;
    if (site.file.empty()) return false;
    const std::string place = fmt::format("{}:{}", site.file, site.line);
    return place == wanted || place.ends_with("/" + wanted);
}

}  // namespace

std::vector<std::size_t> leaks_meant(const std::vector<Leak>& leaks, const std::string& wanted) {
    const std::size_t number = as_number(wanted);
    const Means ways[] = {
        [&](const Leak& leak) { return leak.fingerprint == wanted; },
        [&](const Leak& leak) { return number != 0 && &leak == leaks.data() + number - 1; },
        [&](const Leak& leak) {
            return wanted.size() >= fewest_digits && leak.fingerprint.starts_with(wanted);
        },
        [&](const Leak& leak) { return leak.owner == wanted; },
        [&](const Leak& leak) { return is_site(leak.site, wanted); },
    };
    for (const Means& means : ways) {
        const std::vector<std::size_t> found = all_that(leaks, means);
        if (!found.empty()) return found;
    }
    return {};
}

std::string leak_line(const Leak& leak, std::size_t index) {
    return fmt::format("{:>4}  {}  {}, {}, {}, {}", index + 1, single_line(leak.fingerprint),
                       leak_kind_name(leak.kind),
                       observed_amount(leak.bytes, leak.blocks, SizeStyle::rounded),
                       owner_name(leak), site_place(leak));
}

}  // namespace leakcheck
