// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/gtest_rerun.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/unit/cli/test_world.hpp"

namespace leakcheck {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

using Command = std::vector<std::string>;
using Variables = std::map<std::string, std::string>;

GtestRerun rerun(const Command& command, Variables variables = {}, std::uint32_t repetitions = 1) {
    return plan_gtest_rerun(command, environment_of(std::move(variables)), "A.b:C.d", repetitions);
}

TEST(PlanFilters, NamesTheTestsOneByOne) {
    const FilterPlan plan = plan_filters({"A.b", "Prefix/Suite.Test/0", "Typed/1.Leaks"});
    ASSERT_EQ(plan.batches.size(), 1u);
    EXPECT_EQ(plan.batches[0].filter, "A.b:Prefix/Suite.Test/0:Typed/1.Leaks");
    EXPECT_THAT(plan.batches[0].tests, ElementsAre("A.b", "Prefix/Suite.Test/0", "Typed/1.Leaks"));
    EXPECT_THAT(plan.inexpressible, IsEmpty());
}

TEST(PlanFilters, NothingNeedsNoRun) {
    EXPECT_THAT(plan_filters({}).batches, IsEmpty());
}

TEST(PlanFilters, LeavesOutWhatAFilterWouldReadOtherwise) {
    const std::string long_suite(512, 's');
    const FilterPlan plan = plan_filters({"A.b*", "A.b?", "A:b.c", "-A.b", "A.b/x-y", "nodot",
                                          long_suite + ".t", "A." + long_suite, "Good.one"});
    ASSERT_EQ(plan.batches.size(), 1u);
    EXPECT_EQ(plan.batches[0].filter, "Good.one");
    EXPECT_EQ(plan.inexpressible.size(), 8u);
}

TEST(PlanFilters, KeepsEachArgumentShort) {
    std::vector<std::string> tests;
    for (int i = 0; i < 20000; ++i) tests.push_back("SomeSuiteOrOther.Test" + std::to_string(i));
    const FilterPlan plan = plan_filters(tests);
    EXPECT_GT(plan.batches.size(), 1u);
    std::vector<std::string> planned;
    for (const FilterBatch& batch : plan.batches) {
        EXPECT_LE(batch.filter.size(), most_filter_bytes);
        planned.insert(planned.end(), batch.tests.begin(), batch.tests.end());
    }
    EXPECT_EQ(planned, tests);
}

TEST(PlanFilters, AnOddTestMayBeLongerThanABatch) {
    const FilterPlan plan = plan_filters({"A.aaaaaaaaaa", "B.b", "C.c"}, 8);
    ASSERT_EQ(plan.batches.size(), 2u);
    EXPECT_EQ(plan.batches[0].filter, "A.aaaaaaaaaa");
    EXPECT_EQ(plan.batches[1].filter, "B.b:C.c");
}

TEST(PlanGtestRerun, SpeaksThroughTheEnvironment) {
    const GtestRerun plan = rerun({"./run_tests.sh", "--fast"});
    EXPECT_THAT(plan.command, ElementsAre("./run_tests.sh", "--fast"));
    EXPECT_THAT(plan.set, Contains("GTEST_FILTER=A.b:C.d"));
    EXPECT_THAT(plan.set, Contains("GTEST_REPEAT=1"));
    EXPECT_THAT(plan.set, Contains("GTEST_SHUFFLE=0"));
    for (const char* name : {"GTEST_OUTPUT", "XML_OUTPUT_FILE", "GTEST_TOTAL_SHARDS",
                             "GTEST_SHARD_INDEX", "TEST_SHARD_STATUS_FILE", "TESTBRIDGE_TEST_ONLY"})
        EXPECT_THAT(plan.unset, Contains(name));
}

TEST(PlanGtestRerun, ReplacesTheFlagsThatAreThere) {
    const GtestRerun plan =
        rerun({"./t", "--gtest_filter=Old.*", "in.txt", "--gtest_output=xml:mine.xml",
               "--gtest_also_run_disabled_tests", "--gtest_repeat=7", "--gtest_fail_fast",
               "--gtest_list_tests", "--nogtest_shuffle", "--gtest_stream_result_to=h:1"});
    EXPECT_THAT(plan.command,
                ElementsAre("./t", "in.txt", "--gtest_also_run_disabled_tests",
                            "--gtest_filter=A.b:C.d", "--gtest_repeat=1", "--gtest_shuffle=0",
                            "--gtest_fail_fast=0", "--gtest_break_on_failure=0"));
}

TEST(PlanGtestRerun, OutdoesAFlagFile) {
    const GtestRerun plan = rerun({"./t", "--gtest_flagfile=flags.txt"});
    EXPECT_EQ(plan.command[1], "--gtest_flagfile=flags.txt");
    EXPECT_EQ(plan.command[2], "--gtest_filter=A.b:C.d") << "behind the file, so it counts";
}

TEST(PlanGtestRerun, TakesValuesThatAreArgumentsOfTheirOwn) {
    EXPECT_THAT(rerun({"./t", "--gtest_filter", "Old.*", "x"}).command, Contains("x"));
    EXPECT_THAT(rerun({"./t", "--gtest_filter", "Old.*", "x"}).command, Not(Contains("Old.*")));
    EXPECT_THAT(rerun({"./t", "--gtest_output"}).command, Not(Contains("--gtest_output")));
}

TEST(PlanGtestRerun, LeavesOtherArgumentsAlone) {
    const Command command{"--gtest_filter=is_the_program", "--gtest_filters=x", "gtest_filter=y",
                          "--repeat=3"};
    const GtestRerun plan = rerun(command);
    for (const std::string& argument : command) EXPECT_THAT(plan.command, Contains(argument));
}

TEST(PlanGtestRerun, RepeatsAsOftenAsAsked) {
    EXPECT_THAT(rerun({"./t", "--gtest_repeat=2"}, {}, 5).command, Contains("--gtest_repeat=5"));
    EXPECT_THAT(rerun({"./t"}, {}, 5).set, Contains("GTEST_REPEAT=5"));
}

bool is_shuffled(const Command& command, Variables variables = {}) {
    const auto set = rerun(command, std::move(variables)).set;
    return std::find(set.begin(), set.end(), "GTEST_SHUFFLE=1") != set.end();
}

TEST(PlanGtestRerun, ShufflesOnlyWithASeedThatCanBeUsedAgain) {
    EXPECT_FALSE(is_shuffled({"./t", "--gtest_shuffle"}));
    EXPECT_FALSE(is_shuffled({"./t", "--gtest_shuffle", "--gtest_random_seed=0"}));
    EXPECT_FALSE(is_shuffled({"./t", "--gtest_random_seed=7"}));
    EXPECT_FALSE(is_shuffled({"./t", "--gtest_shuffle=0", "--gtest_random_seed=7"}));
    EXPECT_FALSE(is_shuffled({"./t", "--nogtest_shuffle"},
                             {{"GTEST_SHUFFLE", "1"}, {"GTEST_RANDOM_SEED", "7"}}));
    EXPECT_TRUE(is_shuffled({"./t", "--gtest_shuffle", "--gtest_random_seed=7"}));
    EXPECT_TRUE(is_shuffled({"./t"}, {{"GTEST_SHUFFLE", "1"}, {"GTEST_RANDOM_SEED", "7"}}));
    EXPECT_THAT(rerun({"./t", "--gtest_shuffle", "--gtest_random_seed=7"}).command,
                Contains("--gtest_random_seed=7"));
}

}  // namespace
}  // namespace leakcheck
