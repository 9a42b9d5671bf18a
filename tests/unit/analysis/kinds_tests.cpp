// SPDX-License-Identifier: Apache-2.0
//
// Leaks of several kinds, from the snapshot to the report.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/unit/analysis/run_builder.hpp"

namespace leakcheck {
namespace {

using testing_support::own_frame;
using testing_support::RunBuilder;

constexpr std::uint32_t usual_line = 12;

class Kinds : public testing::Test {
  protected:
    LiveGroup& add(LeakKind kind, OwnerId owner, std::uint64_t blocks,
                   std::uint32_t line = usual_line) {
        const StackId stack = run_.add_stack({own_frame("make()", "src/make.cpp", line)});
        LiveGroup& group = run_.add_live(owner, stack, blocks, 10);
        group.kind = kind;
        return group;
    }

    std::map<LeakKind, std::string> fingerprints() {
        std::map<LeakKind, std::string> by_kind;
        std::set<std::string> all;
        const Report report = run_.analyse();
        for (const Leak& leak : report.leaks) {
            by_kind[leak.kind] = leak.fingerprint;
            all.insert(leak.fingerprint);
        }
        EXPECT_EQ(all.size(), report.leaks.size()) << "two leaks share a fingerprint";
        return by_kind;
    }

    RunBuilder run_;
    OwnerId test_ = run_.add_test("Suite", "Test");
};

const Leak& leak_of(const Report& report, LeakKind kind) {
    const auto found = std::find_if(report.leaks.begin(), report.leaks.end(),
                                    [&](const Leak& leak) { return leak.kind == kind; });
    if (found == report.leaks.end()) throw std::out_of_range("no leak of this kind");
    return *found;
}

TEST_F(Kinds, TellLeaksOfOneStackApart) {
    LiveGroup& root = add(LeakKind::definite, test_, 1);
    root.indirect_blocks = 5;
    root.indirect_bytes = 50;
    add(LeakKind::indirect, test_, 5);
    add(LeakKind::reachable, test_, 7);
    const Report report = run_.analyse();
    ASSERT_EQ(report.leaks.size(), 3u);
    EXPECT_EQ(leak_of(report, LeakKind::definite).indirect_blocks, 5u);
    EXPECT_EQ(leak_of(report, LeakKind::definite).indirect_bytes, 50u);
    EXPECT_EQ(leak_of(report, LeakKind::indirect).blocks.observed, 5u);
    EXPECT_EQ(leak_of(report, LeakKind::reachable).not_gated, NotGated::kind);
    EXPECT_EQ(report.leaked_blocks.observed, 6u);
    EXPECT_EQ(report.other_blocks.observed, 7u);
}

HoldingPath path_of(StackId stack, std::size_t blocks) {
    HoldingPath path;
    path.root.kind = RootKind::static_data;
    path.root.variable = {"registry", "Registry", 8};
    for (std::size_t i = 0; i < blocks; ++i) path.blocks.push_back({i, 0, 8, stack});
    return path;
}

TEST_F(Kinds, TellWhatKeepsABlockByTheShortestPath) {
    const StackId maker = run_.add_stack(
        {own_frame("insert()", "src/map.cpp", 7), own_frame("main()", "src/main.cpp", 3)});
    add(LeakKind::reachable, test_, 1);
    add(LeakKind::reachable, test_, 1).held_by = path_of(maker, 3);
    add(LeakKind::reachable, test_, 1).held_by = path_of(maker, 2);
    add(LeakKind::reachable, test_, 1).held_by = path_of(maker, 4);
    const Report report = run_.analyse();
    ASSERT_EQ(report.leaks.size(), 1u);
    const HeldBy& held_by = report.leaks[0].held_by;
    EXPECT_EQ(held_by.root.variable.name, "registry");
    ASSERT_EQ(held_by.blocks.size(), 2u);
    EXPECT_EQ(held_by.blocks[1].block.bytes, 1u);
    EXPECT_EQ(held_by.blocks[1].site.function, "insert()");
    EXPECT_EQ(held_by.blocks[1].site.line, 7u);
}

TEST_F(Kinds, TellWhatKeepsABlockOfTheMainProcessFirst) {
    const ProcessId child = run_.add_process(RunBuilder::main_process, 1001, "worker").id;
    LiveGroup& of_child = add(LeakKind::reachable, test_, 1);
    of_child.process = child;
    of_child.held_by = path_of(StackId{}, 1);
    add(LeakKind::reachable, test_, 1).held_by = path_of(StackId{}, 2);
    const Report report = run_.analyse();
    ASSERT_EQ(report.leaks.size(), 1u);
    EXPECT_EQ(report.leaks[0].held_by.blocks.size(), 2u);
    EXPECT_EQ(report.leaks[0].held_by.blocks[0].site, Frame{});
}

TEST_F(Kinds, AreSummedForTheRunAndForTests) {
    add(LeakKind::definite, test_, 1);
    add(LeakKind::reachable, test_, 2);
    add(LeakKind::reachable, OwnerId{}, 4);
    const Report report = run_.analyse();
    EXPECT_EQ(report.by_kind.size(), 2u);
    EXPECT_EQ(report.by_kind.at(LeakKind::definite).blocks.observed, 1u);
    EXPECT_EQ(report.by_kind.at(LeakKind::reachable).bytes.observed, 60u);
    EXPECT_EQ(report.tests.at(0).by_kind.at(LeakKind::reachable).blocks.observed, 2u);
    EXPECT_EQ(report.tests.at(0).leaked_blocks.observed, 1u);
}

TEST_F(Kinds, FailTheRunOrDoNot) {
    for (const auto& [kind, fails] : std::map<LeakKind, bool>{{LeakKind::definite, true},
                                                              {LeakKind::indirect, true},
                                                              {LeakKind::possible, false},
                                                              {LeakKind::reachable, false},
                                                              {LeakKind::referenced, false},
                                                              {LeakKind::unclassified, true},
                                                              {LeakKind::outstanding, true}}) {
        RunBuilder run;
        run.add_live(run.add_test("Suite", "Test"), StackId{}, 1, 8).kind = kind;
        EXPECT_EQ(run.analyse().verdict.status, fails ? VerdictStatus::fail : VerdictStatus::pass)
            << leak_kind_name(kind);
        run.options.fail_on = all_leak_kinds();
        EXPECT_EQ(run.analyse().verdict.status, VerdictStatus::fail) << leak_kind_name(kind);
    }
}

TEST_F(Kinds, OfProgramsWithoutTestsFailWhereNothingLeadsToTheBlocks) {
    RunBuilder run;
    run.add_live(OwnerId{}, StackId{}, 1, 8).kind = LeakKind::outstanding;
    EXPECT_EQ(run.analyse().verdict.status, VerdictStatus::pass);
    run.add_live(OwnerId{}, StackId{}, 1, 8).kind = LeakKind::definite;
    EXPECT_EQ(run.analyse().verdict.status, VerdictStatus::fail);
}

TEST_F(Kinds, WhatIsHeldComesLast) {
    add(LeakKind::reachable, test_, 900);
    add(LeakKind::outstanding, OwnerId{}, 1);
    add(LeakKind::possible, test_, 5);
    add(LeakKind::definite, test_, 1);
    std::vector<LeakKind> order;
    for (const Leak& leak : run_.analyse().leaks) order.push_back(leak.kind);
    EXPECT_EQ(order, (std::vector<LeakKind>{LeakKind::definite, LeakKind::possible,
                                            LeakKind::outstanding, LeakKind::reachable}));
}

TEST_F(Kinds, ThatMayBeLeaksHaveTheFingerprintOfTheStack) {
    std::set<std::string> plain;
    for (const LeakKind kind :
         {LeakKind::definite, LeakKind::indirect, LeakKind::unclassified, LeakKind::outstanding}) {
        run_.snapshot.live.clear();
        add(kind, test_, 1);
        plain.insert(fingerprints().at(kind));
    }
    EXPECT_EQ(plain.size(), 1u);
    for (const LeakKind kind : {LeakKind::possible, LeakKind::reachable, LeakKind::referenced}) {
        run_.snapshot.live.clear();
        add(kind, test_, 1);
        EXPECT_FALSE(plain.contains(fingerprints().at(kind)))
            << "a baseline of what is held must not hide a leak: " << leak_kind_name(kind);
    }
}

TEST_F(Kinds, OfOneStackLeaveTheFingerprintToTheSurest) {
    add(LeakKind::outstanding, test_, 1);
    const std::string plain = fingerprints().at(LeakKind::outstanding);
    run_.snapshot.live.clear();
    add(LeakKind::reachable, test_, 1);
    const std::string reachable = fingerprints().at(LeakKind::reachable);
    add(LeakKind::indirect, test_, 3);
    EXPECT_EQ(fingerprints().at(LeakKind::indirect), plain);
    add(LeakKind::definite, test_, 1);
    EXPECT_EQ(fingerprints().at(LeakKind::definite), plain);
    EXPECT_NE(fingerprints().at(LeakKind::indirect), plain);
    EXPECT_EQ(fingerprints().at(LeakKind::reachable), reachable);
}

// Outside tests what is unclassified does not count, what is definite does: one family all the same.
TEST_F(Kinds, OfOneStackAreAFamilyWhetherTheyCountOrNot) {
    add(LeakKind::unclassified, OwnerId{}, 1);
    const std::string plain = fingerprints().at(LeakKind::unclassified);
    add(LeakKind::definite, OwnerId{}, 1);
    EXPECT_EQ(fingerprints().at(LeakKind::definite), plain);
    EXPECT_EQ(run_.examine().leaks[0].family, run_.examine().leaks[1].family);
}

TEST_F(Kinds, DoNotMoveTheFingerprintsOfOtherLines) {
    add(LeakKind::outstanding, test_, 1, 12);
    add(LeakKind::outstanding, test_, 2, 14);
    std::map<std::uint32_t, std::string> unknown;
    for (const Leak& leak : run_.analyse().leaks) unknown[leak.site.line] = leak.fingerprint;
    run_.snapshot.live.clear();
    add(LeakKind::definite, test_, 1, 12);
    add(LeakKind::indirect, test_, 1, 12);
    add(LeakKind::reachable, test_, 1, 12);
    add(LeakKind::indirect, test_, 1, 14);
    std::map<std::uint32_t, std::string> known;
    for (const Leak& leak : run_.analyse().leaks) {
        const bool surest = leak.site.line == 14 || leak.kind == LeakKind::definite;
        if (surest) known[leak.site.line] = leak.fingerprint;
    }
    EXPECT_EQ(known, unknown);
}

TEST_F(Kinds, AmountsOfRepetitionsAreThoseOfTheWorst) {
    run_.options.repetitions = 3;
    const StackId stack = run_.add_stack({own_frame("make()", "src/make.cpp", 1)});
    for (std::uint32_t repetition = 1; repetition <= 3; ++repetition) {
        LiveGroup& group = run_.add_live(test_, stack, 1, 10);
        group.kind = LeakKind::definite;
        group.repetition = repetition;
        group.indirect_blocks = repetition;
        group.indirect_bytes = 10 * repetition;
    }
    const Report report = run_.analyse();
    EXPECT_EQ(report.leaks.at(0).indirect_blocks, 3u);
    EXPECT_EQ(report.leaks.at(0).indirect_bytes, 30u);
}

TEST_F(Kinds, ChecksAreReportedByProcess) {
    run_.add_process(RunBuilder::main_process, 1001, "./tool");
    run_.snapshot.checks = {{RunBuilder::main_process, "", 2, 4096, 0, 1'500'000},
                            {ProcessId{2}, "it did not stop", 0, 0, 0, 0},
                            {ProcessId{77}, "", 1, 1, 0, 1}};
    const Report report = run_.analyse();
    ASSERT_EQ(report.pointer_checks.size(), 3u);
    EXPECT_EQ(report.pointer_checks[0].process, "");
    EXPECT_EQ(report.pointer_checks[0].check.scanned_bytes, 4096u);
    EXPECT_EQ(report.pointer_checks[1].process, "child 1001: ./tool");
    EXPECT_EQ(report.pointer_checks[2].process, "unknown process");
}

TEST_F(Kinds, UnclassifiedBlocksAreWarnedOf) {
    EXPECT_TRUE(run_.analyse().warnings.empty());
    add(LeakKind::unclassified, test_, 3);
    run_.snapshot.checks = {{RunBuilder::main_process, "it took more than 5 s", 1, 4096, 0, 1}};
    const std::string start =
        "pointers to 30 bytes in 3 blocks could not be looked for, so they may be leaked or not; "
        "they ";
    EXPECT_EQ(run_.analyse().warnings.at(0),
              start + "count as without --check: it took more than 5 s");
    run_.options.fail_on = lost_kinds;
    EXPECT_EQ(run_.analyse().warnings.at(0),
              start + "do not count (--fail-on): it took more than 5 s");
}

}  // namespace
}  // namespace leakcheck
