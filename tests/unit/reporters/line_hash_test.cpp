// SPDX-License-Identifier: Apache-2.0
#include "reporters/line_hash.hpp"

#include <gtest/gtest.h>

namespace leakcheck {
namespace {

using Hashes = std::vector<std::string>;

TEST(LineHash, GivesThePublishedTestValues) {
    EXPECT_EQ(line_hashes(""), Hashes{"c129715d7a2bc9a3:1"});
    EXPECT_EQ(line_hashes(" a\nb\n  \t\tc\n d").at(0), "271789c17abda88f:1");
}

TEST(LineHash, IgnoresBlanksAndKindsOfLineEnds) {
    const Hashes expected = line_hashes("a\nb\nc");
    EXPECT_EQ(line_hashes(" a\t\n\tb \nc "), expected);
    EXPECT_EQ(line_hashes("a\rb\rc"), expected);
    EXPECT_EQ(line_hashes("a\r\nb\r\nc"), expected);
    EXPECT_EQ(line_hashes("a\r \nc").size(), 3u) << "a blank parts the two characters of CRLF";
}

TEST(LineHash, CountsTheLineAfterTheLastBreak) {
    EXPECT_EQ(line_hashes("a").size(), 1u);
    EXPECT_EQ(line_hashes("a\n").size(), 2u);
    EXPECT_EQ(line_hashes("\n\n").size(), 3u);
}

TEST(LineHash, NumbersEqualHashes) {
    const std::string block(100, 'x');
    const Hashes hashes = line_hashes(block + "\n" + block + "\n" + block + "\n");
    EXPECT_EQ(hashes[0].substr(hashes[0].find(':')), ":1");
    EXPECT_EQ(hashes[1], hashes[0].substr(0, hashes[0].find(':')) + ":2");
    EXPECT_EQ(hashes[2], hashes[0].substr(0, hashes[0].find(':')) + ":3");
}

TEST(LineHash, DependsOnOneHundredUnitsOnly) {
    const std::string first(100, 'x');
    EXPECT_EQ(line_hashes(first + "y").at(0), line_hashes(first + "z").at(0));
    const std::string shorter(99, 'x');
    EXPECT_NE(line_hashes(shorter + "y").at(0), line_hashes(shorter + "z").at(0));
}

TEST(LineHash, CountsUtf16Units) {
    // U+1F600 is two units: 98 letters and one of it fill the window.
    const std::string first = std::string(98, 'x') + "\xF0\x9F\x98\x80";
    EXPECT_EQ(line_hashes(first + "y").at(0), line_hashes(first + "z").at(0));
    EXPECT_NE(line_hashes("\xF0\x9F\x98\x80").at(0), line_hashes("\xEF\xBF\xBD").at(0));
    EXPECT_EQ(line_hashes("\xFF").at(0), line_hashes("\xEF\xBF\xBD").at(0)) << "as a decoder would";
}

}  // namespace
}  // namespace leakcheck
