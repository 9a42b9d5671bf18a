// SPDX-License-Identifier: Apache-2.0
#include "analysis/warnings.hpp"

#include <gtest/gtest.h>

#include "tests/unit/analysis/run_builder.hpp"

namespace leakcheck {
namespace {

using testing_support::RunBuilder;

std::vector<std::string> warnings_of(RunBuilder& run) {
    return run.analyse().warnings;
}

TEST(Warnings, AreNoneForAnOrdinaryRun) {
    RunBuilder run;
    EXPECT_EQ(warnings_of(run), std::vector<std::string>{});
}

TEST(Warnings, ComeBehindThoseOfTheRunner) {
    RunBuilder run;
    run.facts.warnings = {"debug information is missing"};
    run.main().end = ProcessEnd::running;
    const auto warnings = warnings_of(run);
    ASSERT_EQ(warnings.size(), 2u);
    EXPECT_EQ(warnings[0], "debug information is missing");
}

TEST(Warnings, NameUntracedPrograms) {
    RunBuilder run;
    for (const int pid : {1001, 1002, 1003}) {
        ProcessRecord& process = run.add_process(RunBuilder::main_process, pid, "busybox ls");
        process.is_image = pid != 1001;  // a fork of a traced program is no program of its own
        process.sampled = false;
    }
    const Report report = run.analyse();
    EXPECT_EQ(report.untraced_processes, 2u);
    ASSERT_EQ(report.warnings.size(), 1u);
    EXPECT_NE(report.warnings[0].find("not traced: process 1002 (busybox ls) and 1 more"),
              std::string::npos);
    EXPECT_EQ(report.verdict.status, VerdictStatus::pass);
}

TEST(Warnings, AnUntracedCommandIsInconclusive) {
    RunBuilder run;
    run.main().sampled = false;
    const Report report = run.analyse();
    EXPECT_EQ(report.untraced_processes, 1u);
    EXPECT_EQ(report.verdict.status, VerdictStatus::inconclusive);
    EXPECT_EQ(report.exit_code, 125);
    EXPECT_NE(report.verdict.inconclusive_reasons.at(0).find("./unit_tests"), std::string::npos);
}

TEST(Warnings, ACommandWithoutARecordIsInconclusive) {
    RunBuilder run;
    run.snapshot.processes.clear();
    EXPECT_EQ(run.analyse().verdict.status, VerdictStatus::inconclusive);
}

TEST(Warnings, NameRunningProcesses) {
    RunBuilder run;
    run.add_process(RunBuilder::main_process, 1001, "daemon").end = ProcessEnd::running;
    const auto warnings = warnings_of(run);
    ASSERT_EQ(warnings.size(), 1u);
    EXPECT_NE(warnings[0].find("process 1001 (daemon)"), std::string::npos);
}

TEST(Warnings, SayWhyTestsAreNotToldApart) {
    RunBuilder run;
    run.snapshot.discovery = TestDiscovery::not_found;
    run.snapshot.discovery_note = "the program is stripped";
    const auto warnings = warnings_of(run);
    ASSERT_EQ(warnings.size(), 1u);
    EXPECT_NE(warnings[0].find("the program is stripped"), std::string::npos);
    run.snapshot.discovery = TestDiscovery::no_framework;
    EXPECT_TRUE(warnings_of(run).empty());
}

TEST(Warnings, StateWhatASampledRunMayHaveMissed) {
    RunBuilder run;
    const OwnerId test = run.add_test("Suite", "Test");
    run.snapshot.sampling.mode = "1:200";
    run.snapshot.sampling.rate = 200;
    const Report clean = run.analyse();
    EXPECT_EQ(clean.verdict.status, VerdictStatus::pass);
    EXPECT_EQ(clean.exit_code, 0);
    EXPECT_EQ(clean.leaked_blocks.upper, 597.0);
    ASSERT_EQ(clean.warnings.size(), 1u);
    EXPECT_NE(clean.warnings[0].find("sampled (1:200)"), std::string::npos);
    EXPECT_NE(clean.warnings[0].find("fewer than about 597 blocks"), std::string::npos);
    run.add_live(test, StackId{}, 1, 8, 200.0);
    const Report leaking = run.analyse();
    EXPECT_TRUE(leaking.warnings.empty());
    EXPECT_EQ(leaking.verdict.status, VerdictStatus::fail);
}

TEST(Warnings, NameBudgetsSetOutsideTests) {
    RunBuilder run;
    const OwnerId set_up = run.add_owner(OwnerKind::suite_set_up, "Suite");
    run.add_note(NoteKind::budget, set_up, 100, 1);
    run.add_note(NoteKind::known_leak, set_up, 0, 0);
    const auto warnings = warnings_of(run);
    ASSERT_EQ(warnings.size(), 1u);
    EXPECT_NE(warnings[0].find("Suite (set-up)"), std::string::npos);
}

}  // namespace
}  // namespace leakcheck
