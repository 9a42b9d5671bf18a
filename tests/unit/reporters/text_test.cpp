// SPDX-License-Identifier: Apache-2.0
#include "reporters/text.hpp"

#include <gtest/gtest.h>

#include <random>

namespace leakcheck {
namespace {

constexpr const char* bad = "\xEF\xBF\xBD";

bool is_valid_utf8(std::string_view text) {
    while (!text.empty()) {
        const CodePoint point = next_code_point(text);
        if (!point.well_formed) return false;
        text.remove_prefix(point.length);
    }
    return true;
}

TEST(Text, KeepsWellFormedUtf8) {
    const std::string text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z";
    EXPECT_EQ(repair_utf8(text), text);
    EXPECT_EQ(next_code_point("\xE2\x82\xAC").value, 0x20ACu);
    EXPECT_EQ(next_code_point("\xF0\x9F\x98\x80").value, 0x1F600u);
    EXPECT_EQ(next_code_point("").length, 0u);
}

TEST(Text, ReplacesEachMaximalIllFormedPart) {
    EXPECT_EQ(repair_utf8("\xFF"), bad);
    EXPECT_EQ(repair_utf8("a\xE2\x82"), std::string("a") + bad);  // cut short: one part
    EXPECT_EQ(repair_utf8("\xE2\x82z"), std::string(bad) + "z");
    EXPECT_EQ(repair_utf8("\xC0\xAF"), std::string(bad) + bad);            // overlong
    EXPECT_EQ(repair_utf8("\xED\xA0\x80"), std::string(bad) + bad + bad);  // a surrogate
    EXPECT_EQ(repair_utf8("\xF4\x90\x80\x80"),
              std::string(bad) + bad + bad + bad);  // beyond U+10FFFF
    EXPECT_EQ(repair_utf8("\x80"), bad);            // a lone continuation
}

TEST(Text, MakesControlCharactersVisible) {
    EXPECT_EQ(single_line("a\nb\tc\rd"), "a\\nb\\tc\\rd");
    EXPECT_EQ(single_line("\x1b[31mred\x7f"), "\\x1b[31mred\\x7f");
    EXPECT_EQ(single_line("\xC2\x9B"
                          "31m"),
              "\\x9b31m");  // CSI as one C1 character
    EXPECT_EQ(single_line(std::string_view("a\0b", 3)), "a\\x00b");
    EXPECT_EQ(single_line("\xE2\x80\xAE"
                          "evil"),
              "\\u202eevil");
    EXPECT_EQ(plain_lines("a\n\tb\x1b"), "a\n\tb\\x1b");
}

TEST(Text, LeavesOutWhatXmlForbids) {
    EXPECT_EQ(xml_characters("a\x01\x1b"
                             "b\n\tc\x7f"),
              "ab\n\tc\x7f");
    EXPECT_EQ(xml_characters("\xEF\xBF\xBE\xEF\xBF\xBFz"), "z");
    EXPECT_EQ(xml_characters("\xFFz"), std::string(bad) + "z");
}

TEST(Text, CutsBetweenCodePoints) {
    EXPECT_EQ(cut("abcdef", 6), "abcdef");
    EXPECT_EQ(cut("abcdefg", 6), "abc...");
    EXPECT_EQ(cut("ab\xE2\x82\xAC\xE2\x82\xAC", 6), "ab...");
    EXPECT_EQ(cut("", 3), "");
}

TEST(Text, RandomBytesAlwaysBecomeValid) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    for (int round = 0; round < 2000; ++round) {
        std::string bytes(random() % 40, '\0');
        for (char& byte : bytes)
            byte = static_cast<char>(random() % 3 == 0 ? random() : 0x80 + random() % 0x80);
        EXPECT_TRUE(is_valid_utf8(repair_utf8(bytes)));
        EXPECT_TRUE(is_valid_utf8(xml_characters(bytes)));
        const std::string line = single_line(bytes);
        EXPECT_TRUE(is_valid_utf8(line));
        EXPECT_EQ(single_line(line), line);
        const std::string shorter = cut(line, 10);
        EXPECT_TRUE(is_valid_utf8(shorter));
        EXPECT_LE(shorter.size(), 10u);
    }
}

}  // namespace
}  // namespace leakcheck
