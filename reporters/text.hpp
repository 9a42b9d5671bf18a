// SPDX-License-Identifier: Apache-2.0
//
// Text of unknown origin made fit to print. Names and paths come from the program under test and
// may hold any byte; a size limit is always in bytes of UTF-8, so it also holds in characters and
// UTF-16 units. Thread safety: free functions without state.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace leakcheck {

// One code point, or an ill-formed part, at the start of some bytes.
struct CodePoint {
    char32_t value = 0;      // U+FFFD where ill-formed
    std::size_t length = 0;  // bytes used; 0 only for empty input
    bool well_formed = false;
};

// Ill-formed parts are taken as the Unicode standard recommends (table 3-7: maximal subparts).
CodePoint next_code_point(std::string_view bytes);

// Well-formed UTF-8: each ill-formed part becomes U+FFFD.
std::string repair_utf8(std::string_view bytes);

// One harmless line of well-formed UTF-8: control characters, line breaks and the marks that
// reorder text become visible ("\n", "\x1b", "\u202e"). Nothing in it can drive a terminal.
std::string single_line(std::string_view bytes);

// As single_line, but line feeds and tabs stay.
std::string plain_lines(std::string_view bytes);

// What XML 1.0 (section 2.2, "Char") can hold; the rest is left out, UTF-8 repaired.
std::string xml_characters(std::string_view bytes);

// At most `limit` bytes (3 or more) of well-formed UTF-8, ending in "..." where something was cut.
std::string cut(std::string text, std::size_t limit);

}  // namespace leakcheck
