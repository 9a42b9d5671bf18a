// SPDX-License-Identifier: Apache-2.0
#include "analysis/stack_patterns.hpp"

#include <gtest/gtest.h>

#include "tests/unit/analysis/run_builder.hpp"

namespace leakcheck {
namespace {

using testing_support::frame;

using Kind = FramePattern::Kind;

bool fits(const char* pattern, const char* text) {
    return TextTemplate(pattern).matches(text);
}

TEST(TextTemplate, MatchesAsLeakSanitizerDoes) {
    EXPECT_TRUE(fits("leaky", "ns::very_leaky_one(int)"));
    EXPECT_FALSE(fits("leaky", "ns::tight(int)"));
    EXPECT_TRUE(fits("^ns::*one", "ns::very_leaky_one(int)"));
    EXPECT_FALSE(fits("^leaky", "ns::leaky"));
    EXPECT_TRUE(fits("leaky$", "ns::leaky"));
    EXPECT_FALSE(fits("leaky$", "ns::leaky()"));
    EXPECT_TRUE(fits("a*b*c", "xaybzc!"));
    EXPECT_FALSE(fits("a*b*c", "xayczb"));
    EXPECT_TRUE(fits("^a*b$", "a and b"));
    EXPECT_FALSE(fits("^ab$", "aab"));
    EXPECT_FALSE(fits("^a*a$", "a")) << "the pieces do not overlap";
    EXPECT_TRUE(fits("*", "anything"));
    EXPECT_FALSE(fits("*", ""));
    EXPECT_TRUE(fits("lib.so", "/usr/lib/lib.so.6"));
    EXPECT_TRUE(fits("(", "f(int)")) << "no other character means anything";
}

TEST(TextTemplate, LooksAtFunctionFileAndModuleOfEveryFrame) {
    std::vector<Frame> stack{frame("inner()", "src/a.cpp", 1), frame("outer()", "/usr/b.cpp", 2)};
    stack[1].module = "/usr/lib/libouter.so";
    const auto any = [&](const char* pattern) {
        return matches_any_frame(TextTemplate(pattern), stack, "/home/me");
    };
    EXPECT_TRUE(any("inner"));
    EXPECT_TRUE(any("^outer()$"));
    EXPECT_TRUE(any("libouter"));
    EXPECT_TRUE(any("src/a.cpp"));
    EXPECT_TRUE(any("^/home/me/src/")) << "relative files are below the source root";
    EXPECT_TRUE(any("^/usr/b.cpp"));
    EXPECT_FALSE(any("elsewhere"));
}

FramePattern fun(const char* glob) {
    return {Kind::function, {glob}};
}

const FramePattern dots{Kind::frames};

class Innermost : public testing::Test {
  protected:
    Innermost() {
        stack_[0].module = "";
        stack_[1].inlined = true;
        stack_[2].module = "/usr/lib/libc.so.6";
    }

    bool match(const std::vector<FramePattern>& patterns) const {
        return matches_innermost(patterns, stack_);
    }

    std::vector<Frame> stack_{frame("make(int)", "src/make.cpp", 12), frame("helper()"),
                              frame("run<int>(int)"), frame("main")};
};

TEST_F(Innermost, FramesMatchOneByOne) {
    EXPECT_TRUE(match({fun("make")}));
    EXPECT_TRUE(match({fun("make(int)"), fun("helper*"), fun("run<*")}));
    EXPECT_FALSE(match({fun("helper")}));
    EXPECT_FALSE(match({fun("make"), fun("main")}));
    EXPECT_FALSE(match({fun("m?k")}));
    EXPECT_TRUE(match({fun("m?ke")}));
    EXPECT_FALSE(match({fun("make"), fun("helper"), fun("run*"), fun("main"), fun("*")}));
}

TEST_F(Innermost, InlinedFramesMayBeLeftOut) {
    EXPECT_TRUE(match({fun("make"), fun("run*")}));
}

TEST_F(Innermost, DotsStandForAnyNumberOfFrames) {
    EXPECT_TRUE(match({dots, fun("main")}));
    EXPECT_TRUE(match({fun("make"), dots, fun("main")}));
    EXPECT_TRUE(match({fun("make"), dots, fun("helper")}));
    EXPECT_TRUE(match({dots}));
    EXPECT_FALSE(match({dots, fun("missing")}));
    EXPECT_FALSE(match({dots, fun("main"), fun("make")}));
}

TEST_F(Innermost, TheAllocationFunctionOfValgrindIsNoFrameOfOurs) {
    EXPECT_TRUE(match({fun("malloc"), fun("make")}));
    EXPECT_TRUE(match({fun("*alloc"), fun("make")}));
    EXPECT_TRUE(match({fun("operator new(unsigned long)"), fun("make")}));
    EXPECT_TRUE(match({fun("malloc"), dots, fun("main")}));
    EXPECT_FALSE(match({fun("free"), fun("make")}));
}

TEST_F(Innermost, ObjectsAndSources) {
    EXPECT_TRUE(match({fun("make"), dots, {Kind::object, {"*/libc.so*"}}}));
    EXPECT_FALSE(match({{Kind::object, {"*"}}})) << "nothing is known of its module";
    EXPECT_TRUE(match({{Kind::source, {"make.cpp"}}}));
    EXPECT_TRUE(match({{Kind::source, {"make.cpp"}, 12}}));
    EXPECT_FALSE(match({{Kind::source, {"make.cpp"}, 13}}));
}

}  // namespace
}  // namespace leakcheck
