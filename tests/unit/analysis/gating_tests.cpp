// SPDX-License-Identifier: Apache-2.0
#include "analysis/gating.hpp"

#include <gtest/gtest.h>

#include "analysis/attribute.hpp"
#include "tests/unit/analysis/run_builder.hpp"

namespace leakcheck {
namespace {

using testing_support::RunBuilder;

struct ProcessCase {
    const char* what;
    bool is_main;
    bool death_test;
    ProcessEnd end;
    int status;
    NotGated expected;
};

void PrintTo(const ProcessCase& c, std::ostream* out) {
    *out << c.what;
}

class GatingByProcess : public testing::TestWithParam<ProcessCase> {};

TEST_P(GatingByProcess, Decides) {
    const ProcessCase& c = GetParam();
    RunBuilder run;
    ProcessRecord process = run.main();
    process.is_main = c.is_main;
    process.death_test_child = c.death_test;
    process.end = c.end;
    process.status = c.status;
    const Processes processes(run.snapshot);
    const GatingRules rules{false, true, false, failing_by_default};
    BlockFacts blocks{OwnerKind::test, LeakKind::definite, false};
    EXPECT_EQ(classify_blocks(process, processes, blocks, rules), c.expected);
    blocks.is_known = true;
    EXPECT_EQ(classify_blocks(process, processes, blocks, rules), NotGated::known);
}

INSTANTIATE_TEST_SUITE_P(
    Processes, GatingByProcess,
    testing::Values(
        ProcessCase{"main, success", true, false, ProcessEnd::exited, 0, NotGated::none},
        ProcessCase{"main, failure", true, false, ProcessEnd::exited, 1, NotGated::none},
        ProcessCase{"main, signal", true, false, ProcessEnd::signaled, 6, NotGated::abnormal_end},
        ProcessCase{"main, running", true, false, ProcessEnd::running, 0, NotGated::still_running},
        ProcessCase{"child, success", false, false, ProcessEnd::exited, 0, NotGated::none},
        ProcessCase{"child, failure", false, false, ProcessEnd::exited, 3, NotGated::abnormal_end},
        ProcessCase{"child, signal", false, false, ProcessEnd::signaled, 11,
                    NotGated::abnormal_end},
        ProcessCase{"child, replaced", false, false, ProcessEnd::replaced, 0, NotGated::replaced},
        ProcessCase{"child, running", false, false, ProcessEnd::running, 0,
                    NotGated::still_running},
        ProcessCase{"death test, success", false, true, ProcessEnd::exited, 0,
                    NotGated::death_test},
        ProcessCase{"death test, signal", false, true, ProcessEnd::signaled, 6,
                    NotGated::death_test}));

TEST(Gating, WhatADeathTestStartsBelongsToIt) {
    RunBuilder run;
    run.add_process(ProcessId{1}, 1001, "./unit_tests --gtest_internal").death_test_child = true;
    run.add_process(ProcessId{2}, 1002, "./unit_tests");
    run.add_process(ProcessId{1}, 1003, "./unit_tests");
    const Processes processes(run.snapshot);
    EXPECT_TRUE(processes.in_death_test(run.snapshot.processes[1]));
    EXPECT_TRUE(processes.in_death_test(run.snapshot.processes[2]));
    EXPECT_FALSE(processes.in_death_test(run.snapshot.processes[3]));
    EXPECT_FALSE(processes.in_death_test(run.main()));
}

TEST(Gating, ProcessesThatClaimEachOtherAsParentsDoNotHang) {
    RunBuilder run;
    run.add_process(ProcessId{3}, 1001, "a");
    run.add_process(ProcessId{2}, 1002, "b");
    const Processes processes(run.snapshot);
    EXPECT_FALSE(processes.in_death_test(run.snapshot.processes[1]));
    EXPECT_FALSE(processes.program(run.snapshot.processes[1]).empty());
}

struct OwnerCase {
    OwnerKind owner;
    GatingRules rules;
    NotGated expected;
};

class GatingByOwner : public testing::TestWithParam<OwnerCase> {};

TEST_P(GatingByOwner, Decides) {
    RunBuilder run;
    const Processes processes(run.snapshot);
    for (const LeakKind kind : {LeakKind::outstanding, LeakKind::unclassified}) {
        const BlockFacts blocks{GetParam().owner, kind, false};
        EXPECT_EQ(classify_blocks(run.main(), processes, blocks, GetParam().rules),
                  GetParam().expected);
    }
}

// gate_outside_tests, tests_ran, budget_given
INSTANTIATE_TEST_SUITE_P(
    Owners, GatingByOwner,
    testing::Values(
        OwnerCase{OwnerKind::test, {false, true, false, failing_by_default}, NotGated::none},
        OwnerCase{OwnerKind::test, {true, true, true, failing_by_default}, NotGated::none},
        OwnerCase{OwnerKind::outside_tests,
                  {false, true, false, failing_by_default},
                  NotGated::outside_tests},
        OwnerCase{OwnerKind::outside_tests,
                  {false, true, true, failing_by_default},
                  NotGated::outside_tests},
        OwnerCase{
            OwnerKind::outside_tests, {true, true, false, failing_by_default}, NotGated::none},
        OwnerCase{OwnerKind::suite_set_up,
                  {false, true, false, failing_by_default},
                  NotGated::outside_tests},
        OwnerCase{OwnerKind::suite_tear_down,
                  {false, true, false, failing_by_default},
                  NotGated::outside_tests},
        OwnerCase{OwnerKind::environment_set_up,
                  {false, true, false, failing_by_default},
                  NotGated::outside_tests},
        OwnerCase{OwnerKind::environment_tear_down,
                  {true, true, false, failing_by_default},
                  NotGated::none},
        OwnerCase{OwnerKind::outside_tests,
                  {false, false, false, failing_by_default},
                  NotGated::no_tests},
        OwnerCase{
            OwnerKind::outside_tests, {false, false, true, failing_by_default}, NotGated::none},
        OwnerCase{
            OwnerKind::outside_tests, {true, false, false, failing_by_default}, NotGated::none}));

NotGated of_kind(LeakKind kind, OwnerKind owner, const GatingRules& rules) {
    RunBuilder run;
    return classify_blocks(run.main(), Processes(run.snapshot), {owner, kind, false}, rules);
}

TEST(GatingByKind, WhatNothingLeadsToCountsWhoeverMadeIt) {
    for (const LeakKind kind : {LeakKind::definite, LeakKind::indirect}) {
        for (const OwnerKind owner :
             {OwnerKind::test, OwnerKind::outside_tests, OwnerKind::suite_set_up}) {
            EXPECT_EQ(of_kind(kind, owner, {}), NotGated::none) << "no tests ran";
            EXPECT_EQ(of_kind(kind, owner, {false, true, false, failing_by_default}),
                      NotGated::none);
        }
    }
}

TEST(GatingByKind, WhatIsHeldDoesNotCount) {
    for (const LeakKind kind : {LeakKind::possible, LeakKind::reachable, LeakKind::referenced}) {
        EXPECT_EQ(of_kind(kind, OwnerKind::test, {}), NotGated::kind);
        EXPECT_EQ(of_kind(kind, OwnerKind::outside_tests, {true, true, true, failing_by_default}),
                  NotGated::kind);
    }
}

TEST(GatingByKind, WhatIsAskedForCountsByTheRulesOfOwners) {
    const GatingRules rules{false, true, false, LeakKinds{LeakKind::reachable}};
    EXPECT_EQ(of_kind(LeakKind::reachable, OwnerKind::test, rules), NotGated::none);
    EXPECT_EQ(of_kind(LeakKind::reachable, OwnerKind::outside_tests, rules),
              NotGated::outside_tests);
    EXPECT_EQ(of_kind(LeakKind::definite, OwnerKind::test, rules), NotGated::kind);
}

TEST(LeakKinds, AreNamedAsTheyAreNumbered) {
    for (const auto& [kind, name] : leak_kind_names) EXPECT_EQ(leak_kind_name(kind), name);
    EXPECT_TRUE(all_leak_kinds().contains(LeakKind::definite));
    EXPECT_TRUE(all_leak_kinds().contains(LeakKind::outstanding));
    EXPECT_FALSE(failing_by_default.contains(LeakKind::possible));
}

TEST(GatingRules, ComeFromOptionsAndOwners) {
    RunBuilder run;
    run.add_owner(OwnerKind::suite_set_up, "Suite");
    EXPECT_FALSE(gating_rules({}, Owners(run.snapshot)).tests_ran);
    run.add_test("Suite", "Test");
    EXPECT_TRUE(gating_rules({}, Owners(run.snapshot)).tests_ran);
    AnalysisOptions options;
    EXPECT_FALSE(gating_rules(options, Owners(run.snapshot)).budget_given);
    options.budget.blocks_given = true;
    EXPECT_TRUE(gating_rules(options, Owners(run.snapshot)).budget_given);
    options.fail_on = {LeakKind::possible};
    EXPECT_EQ(gating_rules(options, Owners(run.snapshot)).fail_on, LeakKinds{LeakKind::possible});
}

Outstanding attribute_run(const RunBuilder& run) {
    const Processes processes(run.snapshot);
    const Owners owners(run.snapshot);
    return attribute(run.snapshot, processes, owners, run.options);
}

TEST(Attribute, TakesOutWhatTheCLibraryKeeps) {
    RunBuilder run;
    const OwnerId test = run.add_test("Suite", "Test");
    LiveGroup& group = run.add_live(test, StackId{}, 2, 512);
    group.libc_owned = true;
    group.process = ProcessId{77};
    const Outstanding result = attribute_run(run);
    EXPECT_TRUE(result.groups.empty());
    EXPECT_EQ(result.libc.blocks, 2u);
    EXPECT_EQ(result.libc.bytes, 1024u);
    EXPECT_EQ(result.lost.blocks, 0u);
}

TEST(Attribute, CountsBlocksOfUnknownProcesses) {
    RunBuilder run;
    run.add_live(OwnerId{}, StackId{}, 3, 8).process = ProcessId{77};
    const Outstanding result = attribute_run(run);
    EXPECT_TRUE(result.groups.empty());
    EXPECT_EQ(result.lost.blocks, 3u);
}

struct AgeCase {
    std::uint64_t oldest_ns;
    std::uint64_t newest_ns;
    std::uint64_t min_age_ns;
    bool younger;
};

class AttributeByAge : public testing::TestWithParam<AgeCase> {};

TEST_P(AttributeByAge, LeavesOutTheYounger) {
    RunBuilder run;  // the main process ended at 1,000,000,000 ns
    LiveGroup& group = run.add_live(OwnerId{}, StackId{}, 1, 8);
    group.oldest_ns = GetParam().oldest_ns;
    group.newest_ns = GetParam().newest_ns;
    run.options.min_age_ns = GetParam().min_age_ns;
    const Outstanding result = attribute_run(run);
    EXPECT_EQ(result.younger.blocks, GetParam().younger ? 1u : 0u);
    EXPECT_EQ(result.groups.size(), GetParam().younger ? 0u : 1u);
}

INSTANTIATE_TEST_SUITE_P(Ages, AttributeByAge,
                         testing::Values(AgeCase{0, 0, 0, false},
                                         AgeCase{1'000'000'000, 1'000'000'000, 0, false},
                                         AgeCase{999'999'000, 999'999'500, 1001, true},
                                         AgeCase{999'999'000, 999'999'000, 1000, false},
                                         AgeCase{1'000'000'005, 1'000'000'005, 1, true},
                                         AgeCase{0, 999'999'999, 1000, false}));

TEST(Attribute, MeasuresAgeAtTheSnapshotWhileRunning) {
    RunBuilder run;
    run.main().end = ProcessEnd::running;  // the snapshot was taken at 2,000,000,000 ns
    run.add_live(OwnerId{}, StackId{}, 1, 8).oldest_ns = 1'500'000'000;
    run.options.min_age_ns = 500'000'000;
    EXPECT_EQ(attribute_run(run).groups.size(), 1u);
    run.options.min_age_ns = 500'000'001;
    EXPECT_EQ(attribute_run(run).groups.size(), 0u);
}

TEST(Attribute, KnownLeaksCarryTheirReason) {
    RunBuilder run;
    const OwnerId test = run.add_test("Suite", "Test");
    const NoteId known = run.add_note(NoteKind::known_leak, test, 0, 0, "lives on");
    const NoteId budget = run.add_note(NoteKind::budget, test, 1, 1);
    run.add_live(test, StackId{}, 1, 8).note = known;
    run.add_live(test, StackId{}, 1, 8).note = budget;
    run.add_live(test, StackId{}, 1, 8).note = NoteId{99};
    const Outstanding result = attribute_run(run);
    ASSERT_EQ(result.groups.size(), 3u);
    EXPECT_EQ(result.groups[0].not_gated, NotGated::known);
    EXPECT_EQ(*result.groups[0].known_reason, "lives on");
    EXPECT_EQ(result.groups[1].not_gated, NotGated::none);
    EXPECT_EQ(result.groups[2].not_gated, NotGated::none);
}

TEST(Owners, HaveLabels) {
    EXPECT_EQ(owner_label(OwnerKind::test, "S", "t"), "S.t");
    EXPECT_EQ(owner_label(OwnerKind::suite_set_up, "S", ""), "S (set-up)");
    EXPECT_EQ(owner_label(OwnerKind::suite_tear_down, "S", ""), "S (tear-down)");
    EXPECT_EQ(owner_label(OwnerKind::environment_set_up, "", ""), "environment (set-up)");
    EXPECT_EQ(owner_label(OwnerKind::environment_tear_down, "", ""), "environment (tear-down)");
    EXPECT_EQ(owner_label(OwnerKind::outside_tests, "", ""), "outside tests");
}

TEST(Owners, OfOneNameAreOne) {
    RunBuilder run;
    const OwnerId first = run.add_test("S", "t");
    const OwnerId other = run.add_test("S", "u");
    const OwnerId again = run.add_test("S", "t");
    const OwnerId outside = run.add_owner(OwnerKind::outside_tests);
    const Owners owners(run.snapshot);
    EXPECT_EQ(owners.index_of(first), owners.index_of(again));
    EXPECT_NE(owners.index_of(first), owners.index_of(other));
    EXPECT_EQ(owners.index_of(outside), owners.index_of(OwnerId{}));
    EXPECT_EQ(owners.index_of(OwnerId{12345}), 0u);
    EXPECT_EQ(owners.of(first).runs, 2u);
}

TEST(Owners, TestsComeInOrderOfFirstEntry) {
    RunBuilder run;
    run.add_test("S", "late");
    run.add_owner(OwnerKind::suite_set_up, "S");
    run.add_test("S", "early");
    run.snapshot.owners[0].first_order = 9;
    const Owners owners(run.snapshot);
    ASSERT_EQ(owners.tests().size(), 2u);
    EXPECT_EQ(owners.all()[owners.tests()[0]].label, "S.early");
    EXPECT_EQ(owners.all()[owners.tests()[1]].label, "S.late");
}

}  // namespace
}  // namespace leakcheck
