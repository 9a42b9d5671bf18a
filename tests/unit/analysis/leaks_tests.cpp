// SPDX-License-Identifier: Apache-2.0
#include "analysis/leaks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "tests/unit/analysis/run_builder.hpp"

namespace leakcheck {
namespace {

using testing_support::frame;
using testing_support::module_frame;
using testing_support::own_frame;
using testing_support::RunBuilder;

class Leaks : public testing::Test {
  protected:
    std::vector<Frame> stack_at(std::uint32_t line) {
        return {frame("operator new(unsigned long)"),
                own_frame("Suite_Test_Test::TestBody()", "tests/suite.cpp", line)};
    }

    RunBuilder run_;
    OwnerId test_ = run_.add_test("Suite", "Test");
};

TEST_F(Leaks, CarryOwnerSiteAndStack) {
    run_.add_live(test_, run_.add_stack(stack_at(12)), 2, 100);
    const Report report = run_.analyse();
    ASSERT_EQ(report.leaks.size(), 1u);
    const Leak& leak = report.leaks[0];
    EXPECT_EQ(leak.owner, "Suite.Test");
    EXPECT_EQ(leak.test, "Suite.Test");
    EXPECT_EQ(leak.owner_kind, OwnerKind::test);
    EXPECT_EQ(leak.bytes.observed, 200u);
    EXPECT_EQ(leak.blocks.observed, 2u);
    EXPECT_EQ(leak.largest_block, 100u);
    EXPECT_EQ(leak.site_frame, 1u);
    EXPECT_EQ(leak.site, (SourceLocation{"Suite_Test_Test::TestBody()", "tests/suite.cpp", 12}));
    EXPECT_EQ(leak.stack.size(), 2u);
    EXPECT_EQ(leak.stack_status, StackStatus::complete);
    EXPECT_EQ(leak.not_gated, NotGated::none);
    EXPECT_EQ(leak.process, "");
    EXPECT_EQ(leak.processes, 1u);
    EXPECT_EQ(leak.fingerprint.size(), 16u);
}

TEST_F(Leaks, OfOneSymbolicStackAreOne) {
    std::vector<Frame> moved = stack_at(12);
    for (Frame& f : moved) f.address += 0x1000;
    moved[1].module = "/other/place/unit_tests";
    run_.add_live(test_, run_.add_stack(stack_at(12)), 1, 100);
    run_.add_live(test_, run_.add_stack(moved), 1, 50);
    const Report report = run_.analyse();
    ASSERT_EQ(report.leaks.size(), 1u);
    EXPECT_EQ(report.leaks[0].bytes.observed, 150u);
    EXPECT_EQ(report.leaks[0].largest_block, 100u);
}

TEST_F(Leaks, OfOtherLinesModulesAndOffsetsAreOthers) {
    std::vector<Frame> elsewhere = stack_at(12);
    elsewhere[1].module = "/opt/app/other_tests";
    run_.add_live(test_, run_.add_stack(stack_at(12)), 1, 8);
    run_.add_live(test_, run_.add_stack(stack_at(13)), 1, 8);
    run_.add_live(test_, run_.add_stack(elsewhere), 1, 8);
    run_.add_live(test_, run_.add_stack({module_frame("/opt/libx.so", 0x10)}), 1, 8);
    run_.add_live(test_, run_.add_stack({module_frame("/opt/libx.so", 0x20)}), 1, 8);
    EXPECT_EQ(run_.analyse().leaks.size(), 5u);
}

TEST_F(Leaks, OfOtherStackStatusesAreOthers) {
    std::set<StackStatus> expected;
    for (const StackStatus status : {StackStatus::complete, StackStatus::frame_pointer,
                                     StackStatus::truncated, StackStatus::missing}) {
        run_.add_live(test_, run_.add_stack(stack_at(12), status), 1, 8);
        run_.add_live(test_, run_.add_stack(stack_at(12), status), 2, 8);
        expected.insert(status);
    }
    const Report report = run_.analyse();
    ASSERT_EQ(report.leaks.size(), 4u);
    std::set<StackStatus> statuses;
    std::set<std::string> fingerprints;
    for (const Leak& leak : report.leaks) {
        EXPECT_EQ(leak.blocks.observed, 3u);
        statuses.insert(leak.stack_status);
        fingerprints.insert(leak.fingerprint);
    }
    EXPECT_EQ(statuses, expected);
    EXPECT_EQ(fingerprints.size(), 4u);
}

TEST_F(Leaks, OfCompleteStacksKeepTheirFingerprintsBesideIncompleteOnes) {
    const StackId complete = run_.add_stack(stack_at(12));
    run_.add_live(OwnerId{}, complete, 1, 8);
    const std::string alone = run_.analyse().leaks.at(0).fingerprint;
    const NoteId known = run_.add_note(NoteKind::known_leak, OwnerId{}, 0, 0, "known");
    for (const StackStatus status :
         {StackStatus::frame_pointer, StackStatus::truncated, StackStatus::missing}) {
        const StackId stack = run_.add_stack(stack_at(12), status);
        run_.add_live(OwnerId{}, stack, 1, 800);
        run_.add_live(OwnerId{}, stack, 1, 800).note = known;
    }
    const Report report = run_.analyse();
    EXPECT_EQ(report.leaks.size(), 7u);
    for (const Leak& leak : report.leaks) {
        const bool same = leak.fingerprint == alone;
        EXPECT_EQ(same, leak.stack_status == StackStatus::complete) << leak.fingerprint;
    }
}

TEST_F(Leaks, OfOtherOwnersAndReasonsAreOthers) {
    const StackId stack = run_.add_stack(stack_at(12));
    const OwnerId other = run_.add_test("Suite", "Other");
    run_.add_live(test_, stack, 1, 8);
    run_.add_live(other, stack, 1, 8);
    run_.add_live(test_, stack, 1, 8).note =
        run_.add_note(NoteKind::known_leak, test_, 0, 0, "one");
    run_.add_live(test_, stack, 1, 8).note =
        run_.add_note(NoteKind::known_leak, test_, 0, 0, "two");
    run_.add_live(test_, stack, 1, 8).note =
        run_.add_note(NoteKind::known_leak, test_, 0, 0, "two");
    const Report report = run_.analyse();
    EXPECT_EQ(report.leaks.size(), 4u);
    EXPECT_EQ(std::count_if(report.leaks.begin(), report.leaks.end(),
                            [](const Leak& leak) { return leak.known_reason == "two"; }),
              1);
}

TEST_F(Leaks, OfRepeatedTestsMerge) {
    const StackId stack = run_.add_stack(stack_at(12));
    run_.add_live(test_, stack, 1, 8);
    run_.add_live(run_.add_test("Suite", "Test"), stack, 1, 8);
    EXPECT_EQ(run_.analyse().leaks.size(), 1u);
}

TEST_F(Leaks, EachStackIsSymbolizedOnce) {
    const StackId stack = run_.add_stack(stack_at(12));
    run_.add_stack(stack_at(99));
    run_.add_live(test_, stack, 1, 8);
    run_.add_live(OwnerId{}, stack, 1, 8);
    run_.analyse();
    EXPECT_EQ(run_.symbolized, (std::map<StackId, int>{{stack, 1}}));
}

TEST_F(Leaks, WithoutAStackAreStillReported) {
    run_.add_live(test_, StackId{}, 1, 8);
    run_.add_live(test_, StackId{4711}, 1, 8);
    run_.add_live(test_, run_.add_stack({}), 1, 8);
    const Report report = run_.analyse();
    ASSERT_EQ(report.leaks.size(), 1u);
    EXPECT_EQ(report.leaks[0].blocks.observed, 3u);
    EXPECT_EQ(report.leaks[0].stack_status, StackStatus::missing);
    EXPECT_EQ(report.leaks[0].site, SourceLocation{});
    EXPECT_EQ(report.stacks.leaks.missing, 1u);
}

TEST_F(Leaks, OfForkedChildrenMergeWithTheirParents) {
    run_.add_process(RunBuilder::main_process, 1001, "./unit_tests");
    const StackId stack = run_.add_stack(stack_at(12));
    run_.add_live(test_, stack, 1, 8).process = ProcessId{2};
    run_.add_live(test_, stack, 1, 8);
    const Report report = run_.analyse();
    ASSERT_EQ(report.leaks.size(), 1u);
    EXPECT_EQ(report.leaks[0].processes, 2u);
    EXPECT_EQ(report.leaks[0].process, "");
}

TEST_F(Leaks, OfChildrenNameTheFirstChild) {
    run_.add_process(RunBuilder::main_process, 1001, "./unit_tests --first");
    run_.add_process(RunBuilder::main_process, 1002, "./unit_tests --second");
    const StackId stack = run_.add_stack(stack_at(12));
    run_.add_live(test_, stack, 1, 8).process = ProcessId{3};
    run_.add_live(test_, stack, 1, 8).process = ProcessId{2};
    const Report report = run_.analyse();
    ASSERT_EQ(report.leaks.size(), 1u);
    EXPECT_EQ(report.leaks[0].process, "child 1001: ./unit_tests --first");
    EXPECT_EQ(report.leaks[0].processes, 2u);
}

TEST_F(Leaks, WithoutStacksInOtherProgramsAreOthers) {
    run_.add_process(RunBuilder::main_process, 1001, "/usr/bin/tool -x").is_image = true;
    run_.add_live(test_, StackId{}, 1, 8);
    run_.add_live(test_, StackId{}, 1, 8).process = ProcessId{2};
    EXPECT_EQ(run_.analyse().leaks.size(), 2u);
}

TEST_F(Leaks, ComeGatingFirstThenBySize) {
    run_.add_live(OwnerId{}, run_.add_stack(stack_at(1)), 1, 1'000'000);
    run_.add_live(test_, run_.add_stack(stack_at(2)), 1, 10);
    run_.add_live(test_, run_.add_stack(stack_at(3)), 1, 20, 1.0);
    run_.add_live(test_, run_.add_stack(stack_at(4)), 1, 5, 100.0);
    const Report report = run_.analyse();
    std::vector<std::uint32_t> lines;
    for (const Leak& leak : report.leaks) lines.push_back(leak.site.line);
    EXPECT_EQ(lines, (std::vector<std::uint32_t>{4, 3, 2, 1}));
}

TEST_F(Leaks, DoNotDependOnTheOrderOfGroups) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    for (std::uint32_t line = 1; line <= 40; ++line) {
        run_.add_live(test_, run_.add_stack(stack_at(line)), 1, 8 * (line % 5 + 1));
    }
    const Report first = run_.analyse();
    std::shuffle(run_.snapshot.live.begin(), run_.snapshot.live.end(), random);
    const Report second = run_.analyse();
    ASSERT_EQ(first.leaks.size(), second.leaks.size());
    for (std::size_t i = 0; i < first.leaks.size(); ++i) {
        EXPECT_EQ(first.leaks[i].fingerprint, second.leaks[i].fingerprint);
        EXPECT_EQ(first.leaks[i].site, second.leaks[i].site);
    }
}

TEST_F(Leaks, KeepTheirFingerprintsWhenLinesShift) {
    run_.add_live(test_, run_.add_stack(stack_at(12)), 1, 8);
    run_.add_live(test_, run_.add_stack(stack_at(14)), 1, 16);
    RunBuilder later;
    later.add_live(later.add_test("Suite", "Test"), later.add_stack(stack_at(112)), 5, 800);
    later.add_live(OwnerId{1}, later.add_stack(stack_at(114)), 1, 16);
    std::map<std::uint32_t, std::string> before;
    std::map<std::uint32_t, std::string> after;
    for (const Leak& leak : run_.analyse().leaks) before[leak.site.line + 100] = leak.fingerprint;
    for (const Leak& leak : later.analyse().leaks) after[leak.site.line] = leak.fingerprint;
    EXPECT_EQ(before.size(), 2u);
    EXPECT_EQ(before, after);
}

TEST_F(Leaks, WhatAnAllocatorLibraryKeepsForItselfIsNoLeak) {
    const OwnerId test = run_.add_test("Suite", "Test");
    const StackId own = run_.add_stack({module_frame("/usr/lib/libtcmalloc_minimal.so.4", 0x1000)});
    const StackId users = run_.add_stack({own_frame("make", "src/make.cpp", 3)});
    run_.add_live(test, own, 2, 24);
    run_.add_live(test, users, 1, 100);
    const Report report = run_.analyse();
    ASSERT_EQ(report.leaks.size(), 1u);
    EXPECT_EQ(report.leaks[0].bytes.observed, 100u);
    EXPECT_EQ(report.libc_blocks, 2u);
    EXPECT_EQ(report.libc_bytes, 48u);
}

}  // namespace
}  // namespace leakcheck
