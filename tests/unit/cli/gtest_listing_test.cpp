// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/gtest_listing.hpp"

#include <gtest/gtest.h>

namespace leakcheck {
namespace {

TEST(GtestListing, IsAskedForByTheFlag) {
    EXPECT_TRUE(lists_gtest_tests({"./t", "--gtest_list_tests"}));
    EXPECT_TRUE(
        lists_gtest_tests({"./wrapper", "./t", "--gtest_filter=A*", "--gtest_list_tests=1"}));
    EXPECT_TRUE(lists_gtest_tests({"./t", "--gtest_list_tests="}));
    EXPECT_TRUE(lists_gtest_tests({"./t", "--gtest_list_tests=0", "--gtest_list_tests=true"}));
}

TEST(GtestListing, IsNotWhereTestsRun) {
    EXPECT_FALSE(lists_gtest_tests({"./t"}));
    EXPECT_FALSE(lists_gtest_tests({"./t", "--gtest_list_tests_x", "--gtest_list"}));
    for (const char* no : {"0", "false", "F", "f"})
        EXPECT_FALSE(lists_gtest_tests({"./t", std::string("--gtest_list_tests=") + no})) << no;
    EXPECT_FALSE(lists_gtest_tests({"./t", "--gtest_list_tests", "--gtest_list_tests=0"}));
}

}  // namespace
}  // namespace leakcheck
