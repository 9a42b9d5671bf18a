// SPDX-License-Identifier: Apache-2.0
#include "analysis/debug_advice.hpp"

#include <gtest/gtest.h>

#include "tests/unit/analysis/run_builder.hpp"

namespace leakcheck {
namespace {

using testing_support::frame;
using testing_support::module_frame;
using testing_support::own_frame;
using testing_support::RunBuilder;

Frame built(const std::string& module, const std::string& build_id) {
    Frame result = module_frame(module, 0x1234);
    result.build_id = build_id;
    return result;
}

Leak leak_at(std::vector<Frame> stack, std::size_t site = 0) {
    Leak leak;
    leak.stack = std::move(stack);
    leak.site_frame = site;
    return leak;
}

bool contains(const std::optional<std::string>& text, const std::string& part) {
    return text.has_value() && text->find(part) != std::string::npos;
}

TEST(DebugAdvice, IsNotNeededWhereSitesHaveLines) {
    const Frame site = own_frame("f()", "src/a.cpp", 7);
    EXPECT_EQ(advise_debug_information({}), std::nullopt);
    EXPECT_EQ(advise_debug_information({leak_at({})}), std::nullopt);
    EXPECT_EQ(advise_debug_information({leak_at({site})}), std::nullopt);
    EXPECT_EQ(advise_debug_information({leak_at({built("/lib/libx.so.1", "ab"), site}, 1)}),
              std::nullopt)
        << "the library is not the site";
}

TEST(DebugAdvice, NamesModuleBuildIdAndWhatToDo) {
    const auto advice = advise_debug_information({leak_at({built("/opt/app/tests", "4f1c")})});
    EXPECT_TRUE(contains(advice, "for /opt/app/tests (build id 4f1c):")) << *advice;
    EXPECT_TRUE(contains(advice, "-g")) << *advice;
    EXPECT_TRUE(contains(advice, "debug package")) << *advice;
    EXPECT_TRUE(contains(advice, "DEBUGINFOD_URLS")) << *advice;
    EXPECT_EQ(advice->find('\n'), std::string::npos);
}

TEST(DebugAdvice, NamesThreeModulesAtMostEachOnce) {
    std::vector<Leak> leaks;
    for (const char* module : {"/a", "/b", "/a", "/c", "/d", "/e"}) {
        leaks.push_back(leak_at({module_frame(module, 1)}));
    }
    const auto advice = advise_debug_information(leaks);
    EXPECT_TRUE(contains(advice, "for /a, /b, /c and 2 more:")) << *advice;
}

TEST(DebugAdvice, LeavesOutTheRuntimeAndTheUnknown) {
    for (const Frame& site :
         {module_frame("/lib/libc.so.6", 1), module_frame("/lib/libstdc++.so.6", 1),
          module_frame("/lib/libjemalloc.so.2", 1), module_frame("", 0xffff)}) {
        EXPECT_EQ(advise_debug_information({leak_at({site})}), std::nullopt) << site.module;
    }
}

TEST(DebugAdvice, LeavesOutModulesThatHaveLinesElsewhere) {
    const Frame assembly = frame("copy_words");
    const Frame with_line = frame("g()", "/src/g.cpp", 3);
    EXPECT_NE(advise_debug_information({leak_at({assembly})}), std::nullopt);
    EXPECT_EQ(advise_debug_information({leak_at({assembly, with_line})}), std::nullopt);
}

TEST(DebugAdvice, IsOneWarningOfTheReport) {
    RunBuilder run;
    for (const char* module : {"/a", "/b"}) {
        run.add_live(OwnerId{}, run.add_stack({module_frame(module, 1)}), 1, 8);
    }
    const Report report = run.analyse();
    ASSERT_EQ(report.warnings.size(), 1u);
    EXPECT_TRUE(contains(report.warnings[0], "no debug information for "));
}

}  // namespace
}  // namespace leakcheck
