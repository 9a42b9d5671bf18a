// SPDX-License-Identifier: Apache-2.0
#include "analysis/sums.hpp"

#include <gtest/gtest.h>

#include "tests/unit/analysis/run_builder.hpp"

namespace leakcheck {
namespace {

using testing_support::own_frame;
using testing_support::RunBuilder;

class Sums : public testing::Test {
  protected:
    StackId stack_at(std::uint32_t line, const std::string& caller) {
        return run_.add_stack({own_frame("make_node()", "src/list.cpp", line),
                               own_frame(caller, "tests/list_test.cpp", 7)});
    }

    RunBuilder run_;
};

TEST_F(Sums, LeaksOfOneLineAreOneSite) {
    const OwnerId append = run_.add_test("List", "Append");
    const OwnerId remove = run_.add_test("List", "Remove");
    run_.add_live(append, stack_at(12, "a()"), 2, 100);
    run_.add_live(append, stack_at(12, "b()"), 1, 50);
    run_.add_live(remove, stack_at(12, "a()"), 1, 30);
    run_.add_live(remove, stack_at(99, "a()"), 1, 1000);
    const Report report = run_.analyse();
    EXPECT_EQ(report.leaks.size(), 4u);
    ASSERT_EQ(report.sites.size(), 2u);
    EXPECT_EQ(report.sites[0].site, (SourceLocation{"make_node()", "src/list.cpp", 99}));
    EXPECT_EQ(report.sites[0].leaked_bytes.observed, 1000u);
    EXPECT_EQ(report.sites[1].site.line, 12u);
    EXPECT_EQ(report.sites[1].leaks, 3u);
    EXPECT_EQ(report.sites[1].leaked_bytes.observed, 280u);
    EXPECT_EQ(report.sites[1].leaked_blocks.observed, 4u);
}

TEST_F(Sums, LeaksThatDoNotCountAreInNoSum) {
    run_.add_test("List", "Append");
    run_.add_live(run_.add_owner(OwnerKind::suite_set_up, "List"), stack_at(12, "a()"), 2, 100);
    const Report report = run_.analyse();
    ASSERT_EQ(report.leaks.size(), 1u);
    EXPECT_NE(report.leaks[0].not_gated, NotGated::none);
    EXPECT_TRUE(report.sites.empty());
    ASSERT_EQ(report.suites.size(), 1u);
    EXPECT_EQ(report.suites[0].leaked_blocks.observed, 0u);
}

TEST_F(Sums, SuitesHoldTheirTestsSetUpAndTearDownInOrderOfFirstRun) {
    const OwnerId set_up = run_.add_owner(OwnerKind::suite_set_up, "Queue");
    const OwnerId push = run_.add_test("Queue", "Push");
    const OwnerId append = run_.add_test("List", "Append");
    run_.options.gate_outside_tests = true;
    run_.add_live(set_up, stack_at(1, "a()"), 1, 10);
    run_.add_live(push, stack_at(2, "a()"), 2, 100);
    run_.add_total(push, 5, 500);
    run_.add_total(set_up, 1, 10);
    run_.add_total(append, 3, 30);
    const Report report = run_.analyse();
    ASSERT_EQ(report.suites.size(), 2u);
    const SuiteResult& queue = report.suites[0];
    EXPECT_EQ(queue.name, "Queue");
    EXPECT_EQ(queue.tests, 1u);
    EXPECT_EQ(queue.leaked_bytes.observed, 210u);
    EXPECT_EQ(queue.leaked_blocks.observed, 3u);
    EXPECT_EQ(queue.allocated_bytes.observed, 510u);
    EXPECT_EQ(queue.allocated_blocks.observed, 6u);
    EXPECT_EQ(report.suites[1].name, "List");
    EXPECT_EQ(report.suites[1].leaked_blocks.observed, 0u);
    EXPECT_EQ(report.suites[1].allocated_blocks.observed, 3u);
}

TEST_F(Sums, BoundsAreOfTheSumNotSumsOfBounds) {
    const OwnerId test = run_.add_test("List", "Append");
    run_.snapshot.sampling.rate = 100;
    run_.add_live(test, stack_at(12, "a()"), 3, 64, 100.0);
    run_.add_live(test, stack_at(12, "b()"), 4, 64, 100.0);
    const Report report = run_.analyse();
    ASSERT_EQ(report.sites.size(), 1u);
    const Quantity& blocks = report.sites[0].leaked_blocks;
    EXPECT_EQ(blocks.observed, 7u);
    EXPECT_DOUBLE_EQ(blocks.estimate, 700.0);
    EXPECT_EQ(blocks.upper, report.leaked_blocks.upper);
    EXPECT_LT(blocks.upper, report.leaks[0].blocks.upper + report.leaks[1].blocks.upper);
    EXPECT_GT(blocks.lower, report.leaks[0].blocks.lower + report.leaks[1].blocks.lower);
}

}  // namespace
}  // namespace leakcheck
