// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/kind_list.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "runner/cli/nearest.hpp"

namespace leakcheck {
namespace {

const std::string everything = "all";

std::vector<std::string> known_words() {
    std::vector<std::string> known;
    for (const auto& [kind, name] : leak_kind_names) known.emplace_back(name);
    known.push_back(everything);
    return known;
}

Problem refusal(const std::string& word) {
    const std::vector<std::string> known = known_words();
    const auto nearest = nearest_name(word, known);
    return {fmt::format("\"{}\" is no kind of block{}; give some of {}, with commas between them",
                        word, nearest ? fmt::format(" (did you mean {}?)", *nearest) : "",
                        fmt::join(known, ", "))};
}

bool insert(LeakKinds& kinds, const std::string& word) {
    if (word == everything) {
        kinds = all_leak_kinds();
        return true;
    }
    const auto found = std::find_if(leak_kind_names.begin(), leak_kind_names.end(),
                                    [&](const auto& entry) { return entry.second == word; });
    if (found == leak_kind_names.end()) return false;
    kinds.insert(found->first);
    return true;
}

}  // namespace

Outcome<LeakKinds> parse_kinds(const std::string& text) {
    LeakKinds kinds;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t comma = std::min(text.find(',', start), text.size());
        const std::string word = text.substr(start, comma - start);
        if (!insert(kinds, word)) return refusal(word);
        start = comma + 1;
    }
    return kinds;
}

}  // namespace leakcheck
