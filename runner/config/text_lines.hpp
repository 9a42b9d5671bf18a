// SPDX-License-Identifier: Apache-2.0
//
// A text in lines, without blanks around, empty lines and comments (#). Ownership: refers to the text. Thread safety:
// a free function without state.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace leakcheck {

struct TextLine {
    std::string_view text;
    std::size_t number;  // from 1
    std::size_t offset;  // of `text`, in bytes
};

inline std::vector<TextLine> lines_of(std::string_view text) {
    constexpr std::string_view blanks = " \t\r";
    std::vector<TextLine> lines;
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        ++number;
        const std::size_t first = text.find_first_not_of(blanks, begin);
        if (first < end && text[first] != '#') {
            const std::size_t last = text.find_last_not_of(blanks, end - 1);
            lines.push_back({text.substr(first, last + 1 - first), number, first});
        }
        begin = end + 1;
    }
    return lines;
}

}  // namespace leakcheck
