// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/nearest.hpp"

#include <gtest/gtest.h>

namespace leakcheck {
namespace {

const std::vector<std::string> known{"--json", "--junit", "--sarif", "--max-leaked-bytes",
                                     "--max-leaked-blocks"};

TEST(Nearest, FindsSlipsOfTheFinger) {
    EXPECT_EQ(nearest_name("--jsno", known), "--json");
    EXPECT_EQ(nearest_name("--josn", known), "--json");
    EXPECT_EQ(nearest_name("--juni", known), "--junit");
    EXPECT_EQ(nearest_name("--max-leaked-byte", known), "--max-leaked-bytes");
    EXPECT_EQ(nearest_name("--max-leak-blocks", known), "--max-leaked-blocks");
}

TEST(Nearest, TheEarlierOfTwoEquallyNear) {
    EXPECT_EQ(nearest_name("ac", {"ab", "ad"}), "ab");
}

TEST(Nearest, SaysNothingWhereNothingIsNear) {
    EXPECT_EQ(nearest_name("--completely-different", known), std::nullopt);
    EXPECT_EQ(nearest_name(std::string(1 << 20, 'x'), known), std::nullopt);
    EXPECT_EQ(nearest_name("--json", {}), std::nullopt);
}

}  // namespace
}  // namespace leakcheck
