// SPDX-License-Identifier: Apache-2.0
#include "reporters/line_hash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <unordered_map>

#include "reporters/text.hpp"

namespace leakcheck {
namespace {

constexpr std::size_t window = 100;
constexpr std::uint64_t base = 37;
constexpr char16_t end_of_file = 0xFFFF;

// Spaces and tabs dropped, line ends made LF, the end of the file marked.
class Normaliser {
  public:
    void put(char16_t unit) {
        const bool follows_cr = after_cr_;
        after_cr_ = unit == u'\r';
        if (unit == u' ' || unit == u'\t' || (follows_cr && unit == u'\n')) return;
        units_.push_back(unit == u'\r' ? u'\n' : unit);
    }

    std::u16string finish() {
        units_.push_back(end_of_file);
        return std::move(units_);
    }

  private:
    std::u16string units_;
    bool after_cr_ = false;
};

std::u16string normalised(std::string_view source) {
    Normaliser normaliser;
    while (!source.empty()) {
        const CodePoint point = next_code_point(source);
        source.remove_prefix(point.length);
        if (point.value >= 0x10000) {
            const char32_t rest = point.value - 0x10000;
            normaliser.put(static_cast<char16_t>(0xD800 + (rest >> 10)));
            normaliser.put(static_cast<char16_t>(0xDC00 + (rest & 0x3FF)));
        } else {
            normaliser.put(static_cast<char16_t>(point.value));
        }
    }
    return normaliser.finish();
}

std::uint64_t hash_from(std::u16string_view units) {
    std::uint64_t hash = 0;
    for (std::size_t index = 0; index < window; ++index) {
        hash = hash * base + (index < units.size() ? units[index] : 0);
    }
    return hash;
}

}  // namespace

std::vector<std::string> line_hashes(std::string_view source) {
    const std::u16string text = normalised(source);
    const std::u16string_view units = text;
    std::vector<std::string> hashes;
    std::unordered_map<std::uint64_t, std::size_t> seen;
    for (std::size_t start = 0; start < units.size();) {
        const std::uint64_t hash = hash_from(units.substr(start));
        hashes.push_back(fmt::format("{:x}:{}", hash, ++seen[hash]));
        start = std::min(units.find(u'\n', start), units.size() - 1) + 1;
    }
    return hashes;
}

}  // namespace leakcheck
