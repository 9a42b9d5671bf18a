// SPDX-License-Identifier: Apache-2.0
#include "analysis/stack_summary.hpp"

#include <gtest/gtest.h>

#include "tests/unit/analysis/run_builder.hpp"

namespace leakcheck {
namespace {

using testing_support::own_frame;
using testing_support::RunBuilder;

const std::vector<Frame> frames{own_frame("f()", "src/a.cpp", 7)};

TEST(StackSummary, CountsAllocationsBlocksAndLeaks) {
    RunBuilder run;
    std::uint64_t blocks = 1;
    for (const StackStatus status : {StackStatus::complete, StackStatus::frame_pointer,
                                     StackStatus::truncated, StackStatus::missing}) {
        const StackId stack = run.add_stack(frames, status);
        run.add_live(OwnerId{}, stack, blocks, 8);
        run.add_total(OwnerId{}, 100 * blocks, 800 * blocks, 1.0, stack);
        run.add_total(OwnerId{}, blocks, 8 * blocks, 1.0, stack);
        blocks *= 2;
    }
    const StackSummary summary = run.analyse().stacks;
    EXPECT_EQ(summary.leaks, (StackStatistics{1, 1, 1, 1}));
    EXPECT_EQ(summary.leaked_blocks, (StackStatistics{1, 2, 4, 8}));
    EXPECT_EQ(summary.allocations, (StackStatistics{101, 202, 404, 808}));
    EXPECT_EQ(summary.allocations.total(), 1515u);
}

TEST(StackSummary, CountsTracedAllocationsNotEstimatedOnes) {
    RunBuilder run;
    run.snapshot.sampling.rate = 100;
    run.add_total(OwnerId{}, 5, 40, 100.0, run.add_stack(frames));
    EXPECT_EQ(run.analyse().stacks.allocations, (StackStatistics{5, 0, 0, 0}));
}

TEST(StackSummary, WhatIsNotOnRecordOrEmptyIsMissing) {
    RunBuilder run;
    const StackId empty = run.add_stack({});
    run.snapshot.stacks.back().frames.clear();
    run.add_total(OwnerId{}, 1, 8, 1.0, empty);
    run.add_total(OwnerId{}, 2, 8);
    run.add_total(OwnerId{}, 4, 8, 1.0, StackId{4711});
    EXPECT_EQ(run.analyse().stacks.allocations, (StackStatistics{0, 0, 0, 7}));
}

TEST(StackSummary, IsAllZeroWithoutAllocations) {
    RunBuilder run;
    const StackSummary summary = run.analyse().stacks;
    EXPECT_EQ(summary.leaks.total(), 0u);
    EXPECT_EQ(summary.leaked_blocks.total(), 0u);
    EXPECT_EQ(summary.allocations.total(), 0u);
}

}  // namespace
}  // namespace leakcheck
