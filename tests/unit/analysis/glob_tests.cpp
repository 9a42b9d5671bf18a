// SPDX-License-Identifier: Apache-2.0
#include "analysis/glob.hpp"

#include <gtest/gtest.h>

namespace leakcheck {
namespace {

TEST(Glob, MatchesWholeNames) {
    EXPECT_TRUE(matches_glob("Queue.*", "Queue.Push"));
    EXPECT_TRUE(matches_glob("*/Parser.Line/[0-2]", "Bad/Parser.Line/1")) << "* passes slashes";
    EXPECT_TRUE(matches_glob("Q?eue.Push", "Queue.Push"));
    EXPECT_FALSE(matches_glob("Queue", "Queue.Push"));
    EXPECT_FALSE(matches_glob("queue.*", "Queue.Push"));
    EXPECT_TRUE(matches_glob("f\\[\\]", "f[]"));
}

TEST(Glob, TellsWhatIsWrong) {
    EXPECT_EQ(glob_fault("a*[b-c]\\["), "");
    EXPECT_EQ(glob_fault("[]]"), "") << "a bracket that comes first stands for itself";
    EXPECT_EQ(glob_fault("[!]x]"), "");
    EXPECT_EQ(glob_fault(""), "is empty");
    EXPECT_EQ(glob_fault("a[bc"), "has a [ without its ]");
    EXPECT_EQ(glob_fault("[]"), "has a [ without its ]");
    EXPECT_EQ(glob_fault("a\\"), "ends with a backslash");
}

TEST(Glob, CountsWhatStandsForItself) {
    EXPECT_EQ(count_literals("Queue.*"), 6u);
    EXPECT_EQ(count_literals("*"), 0u);
    EXPECT_EQ(count_literals("a?[xyz]\\*"), 2u);
    EXPECT_EQ(count_literals(""), 0u);
    EXPECT_EQ(count_literals("a["), 1u);
}

}  // namespace
}  // namespace leakcheck
