// SPDX-License-Identifier: Apache-2.0
#include "analysis/test_results.hpp"

#include <gtest/gtest.h>

#include "tests/unit/analysis/run_builder.hpp"

namespace leakcheck {
namespace {

using testing_support::own_frame;
using testing_support::RunBuilder;

class TestResults : public testing::Test {
  protected:
    StackId stack() { return run_.add_stack({own_frame("f()", "f.cpp", 1)}); }
    TestResult only_test() {
        const Report report = run_.analyse();
        EXPECT_EQ(report.tests.size(), 1u);
        return report.tests.at(0);
    }

    RunBuilder run_;
    OwnerId test_ = run_.add_test("Suite", "Test");
};

TEST_F(TestResults, NameEveryTestOnceInOrder) {
    run_.add_test("Suite", "Other");
    run_.add_owner(OwnerKind::suite_tear_down, "Suite");
    run_.add_test("Suite", "Test");
    const Report report = run_.analyse();
    ASSERT_EQ(report.tests.size(), 2u);
    EXPECT_EQ(report.tests[0].name, "Suite.Test");
    EXPECT_EQ(report.tests[0].suite, "Suite");
    EXPECT_EQ(report.tests[0].test, "Test");
    EXPECT_EQ(report.tests[0].runs, 2u);
    EXPECT_EQ(report.tests[1].name, "Suite.Other");
    EXPECT_EQ(report.tests[1].runs, 1u);
}

TEST_F(TestResults, CleanTestsNeedNoDefinition) {
    const TestResult test = only_test();
    EXPECT_EQ(test.status, TestStatus::clean);
    EXPECT_EQ(test.leaked_blocks.observed, 0u);
    EXPECT_FALSE(test.definition.has_value());
    EXPECT_TRUE(run_.definitions.empty());
}

TEST_F(TestResults, LeakingTestsHaveTheirSumsAndDefinition) {
    run_.add_live(test_, stack(), 2, 100);
    run_.add_live(test_, stack(), 1, 7);
    run_.add_live(OwnerId{}, stack(), 1, 1000);
    const TestResult test = only_test();
    EXPECT_EQ(test.status, TestStatus::leaked);
    EXPECT_EQ(test.leaked_bytes.observed, 207u);
    EXPECT_EQ(test.leaked_blocks.observed, 3u);
    ASSERT_TRUE(test.definition.has_value());
    EXPECT_EQ(test.definition->file, "Suite.cpp");
    EXPECT_EQ(run_.definitions, std::vector<std::string>{"Suite.Test"});
}

TEST_F(TestResults, CountOnlyLeaksThatGate) {
    run_.add_live(test_, stack(), 1, 100).note = run_.add_note(NoteKind::known_leak, test_, 0, 0);
    const TestResult test = only_test();
    EXPECT_EQ(test.status, TestStatus::clean);
    EXPECT_EQ(test.leaked_bytes.observed, 0u);
    EXPECT_TRUE(test.definition.has_value());
}

TEST_F(TestResults, SumAllocationsOverProcessesAndRepetitions) {
    run_.add_total(test_, 10, 1000);
    run_.add_total(run_.add_test("Suite", "Test"), 1, 24);
    run_.add_total(OwnerId{}, 5, 50);
    const Report report = run_.analyse();
    EXPECT_EQ(report.tests[0].allocated_bytes.observed, 1024u);
    EXPECT_EQ(report.tests[0].allocated_blocks.upper, 11.0);
    EXPECT_EQ(report.allocated_bytes.observed, 1074u);
    EXPECT_EQ(report.allocated_blocks.observed, 16u);
}

TEST_F(TestResults, EstimateAllocationsOfSampledRuns) {
    run_.snapshot.sampling.rate = 100;
    run_.add_total(test_, 50, 5000, 100.0);
    run_.add_total(test_, 10, 50, 100.0);
    run_.add_total(test_, 0, 0, 100.0);
    const TestResult test = only_test();
    EXPECT_EQ(test.allocated_blocks.observed, 60u);
    EXPECT_DOUBLE_EQ(test.allocated_blocks.estimate, 6000.0);
    EXPECT_DOUBLE_EQ(test.allocated_bytes.estimate, 505'000.0);
    EXPECT_GT(test.allocated_bytes.upper, test.allocated_bytes.estimate);
    EXPECT_LT(test.allocated_bytes.lower, test.allocated_bytes.estimate);
}

TEST_F(TestResults, OwnBudgetDecidesTheStatus) {
    run_.add_live(test_, stack(), 2, 100);
    run_.add_note(NoteKind::budget, test_, 200, 2, "cache");
    TestResult test = only_test();
    EXPECT_EQ(test.status, TestStatus::within_budget);
    EXPECT_EQ(test.budget_bytes, 200u);
    EXPECT_EQ(test.budget_blocks, 2u);
    run_.snapshot.notes[0].bytes = 199;
    EXPECT_EQ(only_test().status, TestStatus::leaked);
    run_.snapshot.notes[0].bytes = 200;
    run_.snapshot.notes[0].blocks = 1;
    EXPECT_EQ(only_test().status, TestStatus::leaked);
}

TEST_F(TestResults, UnlimitedIsNoBudget) {
    run_.add_live(test_, stack(), 2, 100);
    run_.add_note(NoteKind::budget, test_, 200, UINT64_MAX);
    const TestResult test = only_test();
    EXPECT_EQ(test.status, TestStatus::within_budget);
    EXPECT_FALSE(test.budget_blocks.has_value());
}

TEST_F(TestResults, TheLastBudgetCounts) {
    run_.add_note(NoteKind::budget, test_, 1, 1);
    run_.add_note(NoteKind::budget, test_, 2, 2);
    std::swap(run_.snapshot.notes[0], run_.snapshot.notes[1]);
    EXPECT_EQ(only_test().budget_bytes, 2u);
}

TEST_F(TestResults, TheRunsBudgetDecidesForTheRest) {
    run_.add_live(test_, stack(), 2, 100);
    run_.options.budget = {200, 2, true, true};
    EXPECT_EQ(only_test().status, TestStatus::within_budget);
    run_.options.budget = {199, 2, true, true};
    EXPECT_EQ(only_test().status, TestStatus::leaked);
}

struct EndCase {
    ProcessEnd end;
    int status;
    bool interrupted;
};

class Interrupted : public testing::TestWithParam<EndCase> {};

TEST_P(Interrupted, IsTheTestThatRanAtTheEnd) {
    RunBuilder run;
    run.add_test("Suite", "Before");
    run.main().last_owner = run.add_test("Suite", "Running");
    run.main().end = GetParam().end;
    run.main().status = GetParam().status;
    const Report report = run.analyse();
    EXPECT_EQ(report.tests[0].status, TestStatus::clean);
    EXPECT_EQ(report.tests[1].status == TestStatus::interrupted, GetParam().interrupted);
    EXPECT_EQ(report.child.running_test, GetParam().interrupted ? "Suite.Running" : "");
    EXPECT_EQ(report.tests[1].definition.has_value(), GetParam().interrupted);
}

INSTANTIATE_TEST_SUITE_P(Ends, Interrupted,
                         testing::Values(EndCase{ProcessEnd::signaled, 11, true},
                                         EndCase{ProcessEnd::exited, 3, true},
                                         EndCase{ProcessEnd::exited, 0, true},
                                         EndCase{ProcessEnd::running, 0, false},
                                         EndCase{ProcessEnd::replaced, 0, false}));

TEST_F(TestResults, NothingIsInterruptedAfterTheLastTest) {
    run_.main().last_owner = run_.add_owner(OwnerKind::suite_tear_down, "Suite");
    const Report report = run_.analyse();
    EXPECT_EQ(report.tests[0].status, TestStatus::clean);
    EXPECT_EQ(report.child.running_test, "");
}

TEST_F(TestResults, TheRunnerMayNameTheInterruptedTest) {
    run_.facts.child.running_test = "Suite.Test";
    EXPECT_EQ(only_test().status, TestStatus::interrupted);
    run_.facts.child.running_test = "Suite.Unknown";
    EXPECT_EQ(only_test().status, TestStatus::clean);
}

TEST_F(TestResults, DoWithoutDefinitions) {
    run_.add_live(test_, StackId{}, 1, 8);
    const Report report = analyse(run_.snapshot, run_.facts, run_.options, {}, {});
    EXPECT_FALSE(report.tests.at(0).definition.has_value());
}

}  // namespace
}  // namespace leakcheck
