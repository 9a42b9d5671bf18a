// SPDX-License-Identifier: Apache-2.0
#include "analysis/analysis.hpp"

#include <gtest/gtest.h>

#include "tests/unit/analysis/run_builder.hpp"

namespace leakcheck {
namespace {

using testing_support::own_frame;
using testing_support::RunBuilder;

class Analysis : public testing::Test {
  protected:
    StackId stack(std::uint32_t line) {
        return run_.add_stack({own_frame("f()", "src/f.cpp", line)});
    }

    RunBuilder run_;
    OwnerId test_ = run_.add_test("Suite", "Test");
};

TEST_F(Analysis, CarriesTheFactsOfTheRun) {
    run_.facts.tool_version = "0.1.0";
    run_.facts.working_directory = "/w";
    run_.facts.source_root = "/w/src";
    run_.facts.started_at = "2024-01-02T03:04:05Z";
    run_.facts.wall_seconds = 1.5;
    run_.facts.child = {ProcessEnd::exited, 3, false, ""};
    run_.options.budget = {1, 2, true, true};
    run_.options.gate_outside_tests = true;
    run_.snapshot.events = 99;
    run_.snapshot.discovery_note = "note";
    const Report report = run_.analyse();
    EXPECT_EQ(report.tool_version, "0.1.0");
    EXPECT_EQ(report.engine, "sampler");
    EXPECT_EQ(report.command, std::vector<std::string>{"./unit_tests"});
    EXPECT_EQ(report.working_directory, "/w");
    EXPECT_EQ(report.source_root, "/w/src");
    EXPECT_EQ(report.started_at, "2024-01-02T03:04:05Z");
    EXPECT_EQ(report.wall_seconds, 1.5);
    EXPECT_EQ(report.sampling.mode, "1:1");
    EXPECT_EQ(report.budget.blocks, 2u);
    EXPECT_TRUE(report.gate_outside_tests);
    EXPECT_EQ(report.processes, 1u);
    EXPECT_EQ(report.events, 99u);
    EXPECT_EQ(report.discovery, TestDiscovery::brackets);
    EXPECT_EQ(report.discovery_note, "note");
    EXPECT_EQ(report.child.status, 3);
    EXPECT_EQ(report.exit_code, 3);
}

TEST_F(Analysis, PassesACleanRun) {
    run_.add_total(test_, 10, 100);
    const Report report = run_.analyse();
    EXPECT_EQ(report.verdict.status, VerdictStatus::pass);
    EXPECT_EQ(report.exit_code, 0);
    EXPECT_TRUE(report.leaks.empty());
    EXPECT_EQ(report.leaked_bytes.upper, 0.0);
}

TEST_F(Analysis, PassesAnEmptySnapshotOnlyWithoutAClaim) {
    const Report report = analyse({}, {}, {}, {}, {});
    EXPECT_EQ(report.verdict.status, VerdictStatus::inconclusive);
    EXPECT_EQ(report.exit_code, 125);
}

TEST_F(Analysis, FailsARunThatLeaks) {
    run_.add_live(test_, stack(3), 2, 50);
    run_.add_live(OwnerId{}, stack(4), 1, 1000);
    const Report report = run_.analyse();
    EXPECT_EQ(report.verdict.status, VerdictStatus::fail);
    EXPECT_EQ(report.exit_code, 23);
    EXPECT_EQ(report.leaked_bytes.observed, 100u);
    EXPECT_EQ(report.leaked_blocks.observed, 2u);
    EXPECT_EQ(report.other_bytes.observed, 1000u);
    EXPECT_EQ(report.other_blocks.observed, 1u);
    ASSERT_EQ(report.verdict.violations.size(), 2u);
    EXPECT_EQ(report.verdict.violations[0].scope, "run");
    EXPECT_EQ(
        report.verdict.violations[0].message,
        "the run leaked 100 bytes where none is allowed; the leak: Suite.Test at src/f.cpp:3");
}

TEST_F(Analysis, LeaksOutsideTestsGateOnRequest) {
    run_.add_live(OwnerId{}, stack(4), 1, 1000);
    EXPECT_EQ(run_.analyse().verdict.status, VerdictStatus::pass);
    run_.options.gate_outside_tests = true;
    EXPECT_EQ(run_.analyse().verdict.status, VerdictStatus::fail);
}

struct BudgetCase {
    Budget budget;
    VerdictStatus expected;
};

class RunBudget : public testing::TestWithParam<BudgetCase> {};

// 3 blocks of 100 bytes leak.
TEST_P(RunBudget, Decides) {
    RunBuilder run;
    run.add_live(run.add_test("Suite", "Test"), StackId{}, 3, 100);
    run.options.budget = GetParam().budget;
    EXPECT_EQ(run.analyse().verdict.status, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Budgets, RunBudget,
                         testing::Values(BudgetCase{{0, 0, false, false}, VerdictStatus::fail},
                                         BudgetCase{{300, 0, true, false}, VerdictStatus::pass},
                                         BudgetCase{{299, 0, true, false}, VerdictStatus::fail},
                                         BudgetCase{{0, 3, false, true}, VerdictStatus::pass},
                                         BudgetCase{{0, 2, false, true}, VerdictStatus::fail},
                                         BudgetCase{{300, 2, true, true}, VerdictStatus::fail},
                                         BudgetCase{{300, 3, true, true}, VerdictStatus::pass},
                                         BudgetCase{{0, 0, true, false}, VerdictStatus::fail}));

TEST(ProgramWithoutTests, GatesOnlyWithABudget) {
    RunBuilder run;
    run.snapshot.discovery = TestDiscovery::no_framework;
    run.add_live(OwnerId{}, StackId{}, 3, 100);
    Report report = run.analyse();
    EXPECT_EQ(report.verdict.status, VerdictStatus::pass);
    EXPECT_EQ(report.leaks.at(0).not_gated, NotGated::no_tests);
    run.options.budget = {300, 0, true, false};
    EXPECT_EQ(run.analyse().verdict.status, VerdictStatus::pass);
    run.options.budget = {0, 0, true, false};
    report = run.analyse();
    EXPECT_EQ(report.verdict.status, VerdictStatus::fail);
    EXPECT_EQ(report.leaks.at(0).not_gated, NotGated::none);
}

TEST_F(Analysis, LeaksWithinATestsBudgetDoNotCountTowardsTheRuns) {
    run_.add_live(test_, stack(3), 2, 50);
    run_.add_note(NoteKind::budget, test_, 100, 2);
    const Report report = run_.analyse();
    EXPECT_EQ(report.verdict.status, VerdictStatus::pass);
    EXPECT_EQ(report.leaked_bytes.observed, 100u);
    EXPECT_EQ(report.tests.at(0).status, TestStatus::within_budget);
}

TEST_F(Analysis, LeaksOverATestsBudgetNameTheTest) {
    run_.add_live(test_, stack(3), 2, 50);
    run_.add_note(NoteKind::budget, test_, 99, UINT64_MAX);
    run_.options.budget = {1'000'000, 0, true, false};
    const Report report = run_.analyse();
    EXPECT_EQ(report.verdict.status, VerdictStatus::fail);
    ASSERT_EQ(report.verdict.violations.size(), 1u);
    EXPECT_EQ(report.verdict.violations[0].scope, "test Suite.Test");
    EXPECT_EQ(report.verdict.violations[0].budget, 99u);
    EXPECT_EQ(report.verdict.violations[0].message,
              "the test Suite.Test leaked 100 bytes where 99 bytes are allowed; "
              "the leak: Suite.Test at src/f.cpp:3");
}

TEST_F(Analysis, SampledLeaksUnderTheBudgetAreInconclusiveUntilTheBoundIsUnderIt) {
    run_.snapshot.sampling.rate = 100;
    run_.add_live(test_, stack(3), 2, 50, 100.0);
    run_.options.budget = {1000, 0, true, false};
    Report report = run_.analyse();
    EXPECT_EQ(report.verdict.status, VerdictStatus::inconclusive);
    EXPECT_EQ(report.exit_code, 125);
    EXPECT_EQ(report.tests.at(0).status, TestStatus::within_budget);
    run_.options.budget.bytes = 1'000'000;
    EXPECT_EQ(run_.analyse().verdict.status, VerdictStatus::pass);
    run_.options.budget.bytes = 99;
    EXPECT_EQ(run_.analyse().verdict.status, VerdictStatus::fail);
}

TEST_F(Analysis, QuantitiesAddUpByBlocksNotByBounds) {
    run_.snapshot.sampling.rate = 100;
    for (std::uint32_t line = 1; line <= 50; ++line) {
        run_.add_live(test_, stack(line), 1, 64, 100.0);
    }
    const Report report = run_.analyse();
    double sum_of_uppers = 0.0;
    for (const Leak& leak : report.leaks) sum_of_uppers += leak.blocks.upper;
    EXPECT_DOUBLE_EQ(report.leaked_blocks.estimate, 5000.0);
    EXPECT_LT(report.leaked_blocks.upper, sum_of_uppers / 2);
    EXPECT_EQ(report.tests.at(0).leaked_blocks.upper, report.leaked_blocks.upper);
}

TEST_F(Analysis, LeavesOutTheCLibraryAndTheYounger) {
    run_.add_live(test_, stack(3), 1, 1024).libc_owned = true;
    run_.options.min_age_ns = 1000;
    run_.add_live(test_, stack(4), 1, 16).oldest_ns = 999'999'500;
    const Report report = run_.analyse();
    EXPECT_TRUE(report.leaks.empty());
    EXPECT_EQ(report.libc_blocks, 1u);
    EXPECT_EQ(report.libc_bytes, 1024u);
    EXPECT_EQ(report.younger_blocks, 1u);
    EXPECT_EQ(report.younger_bytes, 16u);
    EXPECT_EQ(report.verdict.status, VerdictStatus::pass);
}

TEST_F(Analysis, KeepsOnlyLossesThatHappened) {
    run_.snapshot.losses = {{"a", "x", 0, true}, {"b", "y", 2, false}, {"c", "z", 1, true}};
    const Report report = run_.analyse();
    ASSERT_EQ(report.losses.size(), 2u);
    EXPECT_EQ(report.losses[0].name, "b");
    EXPECT_EQ(report.verdict.status, VerdictStatus::inconclusive);
}

TEST_F(Analysis, BlocksOfUnknownProcessesAreALoss) {
    run_.add_live(test_, stack(3), 4, 8).process = ProcessId{99};
    const Report report = run_.analyse();
    ASSERT_EQ(report.losses.size(), 1u);
    EXPECT_EQ(report.losses[0].name, "unknown_process");
    EXPECT_EQ(report.losses[0].count, 4u);
    EXPECT_EQ(report.exit_code, 125);
}

TEST_F(Analysis, ShowsLeaksOfAKilledRunWithoutJudgingThem) {
    run_.main().end = ProcessEnd::signaled;
    run_.main().status = 9;
    run_.main().last_owner = test_;
    run_.facts.child = {ProcessEnd::signaled, 9, false, ""};
    run_.add_live(test_, stack(3), 1, 8);
    const Report report = run_.analyse();
    ASSERT_EQ(report.leaks.size(), 1u);
    EXPECT_EQ(report.leaks[0].not_gated, NotGated::abnormal_end);
    EXPECT_EQ(report.verdict.status, VerdictStatus::pass);
    EXPECT_EQ(report.exit_code, 137);
    EXPECT_EQ(report.child.running_test, "Suite.Test");
    EXPECT_EQ(report.tests.at(0).status, TestStatus::interrupted);
}

TEST_F(Analysis, IsTheSameForTheSameInput) {
    for (std::uint32_t line = 1; line <= 20; ++line) {
        run_.add_live(test_, stack(line), line, 16, line % 2 == 0 ? 1.0 : 10.0);
    }
    const Report first = run_.analyse();
    const Report second = run_.analyse();
    ASSERT_EQ(first.leaks.size(), second.leaks.size());
    for (std::size_t i = 0; i < first.leaks.size(); ++i) {
        EXPECT_EQ(first.leaks[i].fingerprint, second.leaks[i].fingerprint);
        EXPECT_EQ(first.leaks[i].bytes.upper, second.leaks[i].bytes.upper);
    }
}

}  // namespace
}  // namespace leakcheck
