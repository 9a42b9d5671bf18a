// SPDX-License-Identifier: Apache-2.0
#include "analysis/repetitions.hpp"

#include <gtest/gtest.h>

#include "tests/unit/analysis/run_builder.hpp"

namespace leakcheck {
namespace {

using testing_support::own_frame;
using testing_support::RunBuilder;

RepetitionTally tally(const std::vector<BlockSum>& sums) {
    RepetitionTally result;
    for (std::uint32_t i = 0; i < sums.size(); ++i)
        if (sums[i].blocks > 0) result.add(i + 1, sums[i]);
    return result;
}

TEST(Repetitions, TheFirstAloneIsOneTime) {
    const Repetition found = tally({{3, 300}}).describe(5);
    EXPECT_EQ(found.growth, Growth::one_time);
    EXPECT_EQ(found.bytes_per_repeat, 0.0);
}

TEST(Repetitions, GrowthIsTheMeanWithoutTheFirst) {
    const Repetition found = tally({{5, 500}, {1, 10}, {2, 30}}).describe(3);
    EXPECT_EQ(found.growth, Growth::growing);
    EXPECT_EQ(found.blocks_per_repeat, 1.5);
    EXPECT_EQ(found.bytes_per_repeat, 20.0);
}

TEST(Repetitions, OneThatLeakedNowAndThenIsAveragedOverAll) {
    const Repetition found = tally({{0, 0}, {0, 0}, {0, 0}, {0, 0}, {1, 40}}).describe(5);
    EXPECT_EQ(found.growth, Growth::growing);
    EXPECT_EQ(found.blocks_per_repeat, 0.25);
    EXPECT_EQ(found.bytes_per_repeat, 10.0);
}

TEST(Repetitions, TheWorstIsTakenOfEachMeasure) {
    const BlockSum worst = tally({{5, 100}, {1, 400}}).worst();
    EXPECT_EQ(worst.blocks, 5u);
    EXPECT_EQ(worst.bytes, 400u);
}

TEST(Repetitions, BlocksOfOneRepetitionAddUp) {
    RepetitionTally sums;
    sums.add(2, {1, 10});
    sums.add(2, {2, 20});
    EXPECT_EQ(sums.worst().blocks, 3u);
    EXPECT_EQ(sums.worst().bytes, 30u);
}

TEST(Repetitions, LeaksOfARepeatedRunHaveTheAmountOfOneRepetition) {
    RunBuilder run;
    run.options.repetitions = 4;
    const StackId stack = run.add_stack({own_frame("leak()", "a.cpp", 1)});
    const OwnerId test = run.add_test("A", "grows");
    for (std::uint32_t repetition = 1; repetition <= 4; ++repetition)
        run.add_live(test, stack, 2, 50).repetition = repetition;
    const Report report = run.analyse();
    ASSERT_EQ(report.leaks.size(), 1u);
    EXPECT_EQ(report.leaks[0].bytes.observed, 100u);
    EXPECT_EQ(report.leaks[0].bytes.upper, 100.0);
    EXPECT_EQ(report.leaked_blocks.observed, 2u);
    EXPECT_EQ(report.leaks[0].repetition, (Repetition{Growth::growing, 100.0, 2.0}));
}

TEST(Repetitions, UnlessAskedForTheyAreOneSum) {
    RunBuilder run;
    const StackId stack = run.add_stack({own_frame("leak()", "a.cpp", 1)});
    const OwnerId test = run.add_test("A", "grows");
    run.add_live(test, stack, 2, 50).repetition = 1;
    run.add_live(test, stack, 2, 50).repetition = 2;
    const Report report = run.analyse();
    EXPECT_EQ(report.leaked_bytes.observed, 200u);
    EXPECT_EQ(report.leaks.at(0).repetition, Repetition{});
}

TEST(Repetitions, TheyAreToldApartWhereEveryBlockOfATestHasOne) {
    RunBuilder run;
    const StackId stack = run.add_stack({own_frame("leak()", "a.cpp", 1)});
    const OwnerId test = run.add_test("A", "b");
    EXPECT_TRUE(repetitions_are_told_apart(run.snapshot)) << "nothing is left";
    run.add_live(OwnerId{}, stack, 1, 8);
    EXPECT_TRUE(repetitions_are_told_apart(run.snapshot)) << "made outside tests";
    run.add_live(test, stack, 1, 8).repetition = 1;
    EXPECT_TRUE(repetitions_are_told_apart(run.snapshot));
    run.add_live(test, stack, 1, 8);
    EXPECT_FALSE(repetitions_are_told_apart(run.snapshot));
}

}  // namespace
}  // namespace leakcheck
