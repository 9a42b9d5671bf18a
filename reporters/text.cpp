// SPDX-License-Identifier: Apache-2.0
#include "reporters/text.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>

namespace leakcheck {
namespace {

constexpr char32_t replacement = 0xFFFD;
constexpr std::string_view replacement_utf8 = "\xEF\xBF\xBD";

// Rows of the Unicode standard's table 3-7, for two bytes and more.
struct LeadByte {
    unsigned char first, last;                // range of the lead byte
    unsigned char second_first, second_last;  // range of the byte after it
    std::size_t length;
};
constexpr std::array<LeadByte, 8> lead_bytes{{
    {0xC2, 0xDF, 0x80, 0xBF, 2},
    {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3},
    {0xED, 0xED, 0x80, 0x9F, 3},
    {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4},
    {0xF1, 0xF3, 0x80, 0xBF, 4},
    {0xF4, 0xF4, 0x80, 0x8F, 4},
}};

const LeadByte* find_lead(unsigned char byte) {
    for (const LeadByte& lead : lead_bytes) {
        if (byte >= lead.first && byte <= lead.last) return &lead;
    }
    return nullptr;
}

bool continues(const LeadByte& lead, std::size_t index, unsigned char byte) {
    if (index == 1) return byte >= lead.second_first && byte <= lead.second_last;
    return byte >= 0x80 && byte <= 0xBF;
}

CodePoint decode_sequence(const LeadByte& lead, std::string_view bytes) {
    char32_t value = static_cast<unsigned char>(bytes[0]) & (0xFFu >> (lead.length + 1));
    for (std::size_t index = 1; index < lead.length; ++index) {
        const auto byte = index < bytes.size() ? static_cast<unsigned char>(bytes[index]) : 0;
        if (!continues(lead, index, static_cast<unsigned char>(byte)))
            return {replacement, index, false};
        value = (value << 6) | (byte & 0x3Fu);
    }
    return {value, lead.length, true};
}

// Calls `append(code_point, bytes)` for each code point; ill-formed parts arrive as U+FFFD.
template <typename Append>
void for_each_code_point(std::string_view bytes, Append append) {
    while (!bytes.empty()) {
        const CodePoint point = next_code_point(bytes);
        append(point.value, point.well_formed ? bytes.substr(0, point.length) : replacement_utf8);
        bytes.remove_prefix(point.length);
    }
}

bool is_control(char32_t value) {
    return value < 0x20 || (value >= 0x7F && value < 0xA0);
}

// Line and paragraph separators, and the marks that change the direction of what follows.
bool reorders(char32_t value) {
    return value == 0x061C || value == 0x200E || value == 0x200F ||
           (value >= 0x2028 && value <= 0x202E) || (value >= 0x2066 && value <= 0x2069);
}

std::optional<std::string> visible_escape(char32_t value) {
    if (value == '\n') return "\\n";
    if (value == '\t') return "\\t";
    if (value == '\r') return "\\r";
    if (is_control(value)) return fmt::format("\\x{:02x}", static_cast<std::uint32_t>(value));
    if (reorders(value)) return fmt::format("\\u{:04x}", static_cast<std::uint32_t>(value));
    return std::nullopt;
}

bool allowed_in_xml(char32_t value) {
    if (value < 0x20) return value == '\t' || value == '\n' || value == '\r';
    return value != 0xFFFE && value != 0xFFFF;
}

}  // namespace

CodePoint next_code_point(std::string_view bytes) {
    if (bytes.empty()) return {};
    const auto first = static_cast<unsigned char>(bytes[0]);
    if (first < 0x80) return {first, 1, true};
    const LeadByte* lead = find_lead(first);
    return lead != nullptr ? decode_sequence(*lead, bytes) : CodePoint{replacement, 1, false};
}

std::string repair_utf8(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size());
    for_each_code_point(bytes, [&](char32_t, std::string_view utf8) { text += utf8; });
    return text;
}

std::string single_line(std::string_view bytes) {
    std::string text;
    for_each_code_point(bytes, [&](char32_t value, std::string_view utf8) {
        text += visible_escape(value).value_or(std::string(utf8));
    });
    return text;
}

std::string plain_lines(std::string_view bytes) {
    std::string text;
    for_each_code_point(bytes, [&](char32_t value, std::string_view utf8) {
        const bool kept = value == '\n' || value == '\t';
        text += kept ? std::string(utf8) : visible_escape(value).value_or(std::string(utf8));
    });
    return text;
}

std::string xml_characters(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size());
    for_each_code_point(bytes, [&](char32_t value, std::string_view utf8) {
        if (allowed_in_xml(value)) text += utf8;
    });
    return text;
}

std::string cut(std::string text, std::size_t limit) {
    constexpr std::string_view mark = "...";
    if (text.size() <= limit) return text;
    std::size_t kept = 0;
    const std::string_view view = text;
    while (kept < view.size()) {
        const std::size_t length = next_code_point(view.substr(kept)).length;
        if (kept + length + mark.size() > limit) break;
        kept += length;
    }
    text.resize(kept);
    return text.append(mark);
}

}  // namespace leakcheck
