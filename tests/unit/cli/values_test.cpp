// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/values.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace leakcheck {
namespace {

TEST(Values, NumbersAreWholeAndUnsigned) {
    EXPECT_EQ(parse_number("0"), 0u);
    EXPECT_EQ(parse_number("007"), 7u);
    EXPECT_EQ(parse_number("18446744073709551615"), UINT64_MAX);
    for (const char* bad :
         {"", " ", "-1", "+1", " 1", "1 ", "1.5", "0x10", "1e3", "18446744073709551616", "1\n"}) {
        EXPECT_EQ(parse_number(bad), std::nullopt) << bad;
    }
    EXPECT_EQ(parse_number(std::string("1\0", 2)), std::nullopt);
}

TEST(Values, SizesTakeDecimalAndBinaryUnits) {
    const std::vector<std::pair<std::string, std::uint64_t>> cases{{"0", 0},
                                                                   {"4096", 4096},
                                                                   {"4096B", 4096},
                                                                   {"4096 b", 4096},
                                                                   {"4k", 4000},
                                                                   {"4K", 4000},
                                                                   {"4 kB", 4000},
                                                                   {"4KB", 4000},
                                                                   {"4Ki", 4096},
                                                                   {"4KiB", 4096},
                                                                   {"4 kib", 4096},
                                                                   {"1M", 1000000},
                                                                   {"1MiB", 1048576},
                                                                   {"2G", 2000000000},
                                                                   {"1GiB", 1073741824},
                                                                   {"1T", 1000000000000},
                                                                   {"1TiB", 1099511627776}};
    for (const auto& [text, bytes] : cases) EXPECT_EQ(parse_size(text), bytes) << text;
}

TEST(Values, BadSizesAreRefused) {
    for (const char* bad :
         {"", "k", "-1", "-1k", "1.5k", "1 ", "1  k", " 1", "1q", "1kk", "1ik", "1kiBB", "1PB",
          "18446744073709551616", "99999999999T", "1i", "0x10", "1k 1"}) {
        EXPECT_EQ(parse_size(bad), std::nullopt) << bad;
    }
}

TEST(Values, TheLargestSizesStillFit) {
    EXPECT_EQ(parse_size("18446744073709551615"), UINT64_MAX);
    EXPECT_EQ(parse_size("16777215TiB"), UINT64_MAX - (std::uint64_t{1} << 40) + 1);
    EXPECT_EQ(parse_size("16777216TiB"), std::nullopt);
}

TEST(Values, OneInN) {
    EXPECT_EQ(parse_one_in("1:200"), 200u);
    for (const char* bad : {"", "200", "2:200", "1:", "1:-1", "1:2:3", "1:2 "}) {
        EXPECT_EQ(parse_one_in(bad), std::nullopt) << bad;
    }
}

}  // namespace
}  // namespace leakcheck
