// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/test_ends.hpp"

#include <gtest/gtest.h>

#include "runner/trace/pointer_checks.hpp"
#include "runner/trace/snapshot_ids.hpp"

namespace leakcheck {
namespace {

constexpr std::uint32_t process = 3;
constexpr std::uint32_t test = 7;
constexpr std::uint32_t later_test = 8;

TracedBlock made(std::uint64_t address, std::uint64_t size, std::uint32_t owner = test) {
    return {{address, size, owner}, 0x5ac, StackOrigin::representative};
}

// As found by the look: kinds in the order of addresses; indirect blocks go with the first one.
reach::Reachability looked(const std::vector<TracedBlock>& blocks,
                           const std::vector<LeakKind>& kinds) {
    reach::Reachability found;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        found.blocks.push_back({blocks[i].block.address, blocks[i].block.size});
        found.marks.kinds.push_back(kinds[i]);
        found.marks.leaders.push_back(
            kinds[i] == LeakKind::indirect ? 0 : static_cast<reach::BlockNumber>(i));
    }
    return found;
}

std::vector<OwnedBlock> live(const std::vector<TracedBlock>& blocks) {
    std::vector<OwnedBlock> owned;
    for (const TracedBlock& traced : blocks) owned.push_back(traced.block);
    return owned;
}

const std::vector<TracedBlock> two{made(0x1000, 40), made(0x2000, 50)};

TEST(TestEnds, KeepWhatWasLost) {
    TestEnds ends;
    ends.remember(process, looked(two, {LeakKind::definite, LeakKind::indirect}), two);
    const LostBlocks lost = ends.lost(process);
    ASSERT_EQ(lost.size(), 2u);
    EXPECT_EQ(lost.at(0x1000).its.kind, LeakKind::definite);
    EXPECT_EQ(lost.at(0x2000).its.kind, LeakKind::indirect);
    EXPECT_EQ(lost.at(0x2000).its.leader, 0x1000u);
    EXPECT_EQ(lost.at(0x2000).size, 50u);
    EXPECT_TRUE(ends.lost(process + 1).empty());
}

TEST(TestEnds, TakeNothingBackWhenSomethingPointsToItAgain) {
    TestEnds ends;
    ends.remember(process, looked(two, {LeakKind::definite, LeakKind::reachable}), two);
    ends.remember(process, looked(two, {LeakKind::reachable, LeakKind::definite}), two);
    EXPECT_EQ(ends.lost(process).size(), 2u);
}

TEST(TestEnds, TellWhoFreed) {
    TestEnds ends;
    ends.remember(process, looked(two, {LeakKind::reachable, LeakKind::definite}), two);
    ends.take_freed(process, later_test, live(two));
    EXPECT_TRUE(ends.released().empty());
    ends.take_freed(process, later_test, live({two[0]}));
    ends.take_freed(process, 0, {});
    const std::vector<LiveGroup> released = ends.released();
    ASSERT_EQ(released.size(), 2u);
    for (const LiveGroup& group : released) {
        EXPECT_EQ(group.kind, LeakKind::released_late);
        EXPECT_EQ(group.process, process_id(process));
        EXPECT_EQ(group.owner, owner_id(test));
        EXPECT_EQ(group.stack, StackId{0x5ac});
        EXPECT_EQ(group.blocks, 1u);
        EXPECT_EQ(group.bytes, group.released_in == owner_id(0) ? 40u : 50u);
    }
    EXPECT_EQ(released[1].released_in, owner_id(later_test));
    EXPECT_TRUE(ends.lost(process).empty());
}

TEST(TestEnds, KnowAnotherBlockAtTheSameAddress) {
    TestEnds ends;
    ends.remember(process, looked(two, {LeakKind::definite, LeakKind::definite}), two);
    ends.take_freed(process, later_test, live({made(0x1000, 41), made(0x2000, 50, later_test)}));
    ASSERT_EQ(ends.released().size(), 1u);
    EXPECT_EQ(ends.released().front().blocks, 2u);
}

TEST(BlockKindsTest, WhatWasLostEarlierStaysLost) {
    const std::vector<TracedBlock> three{two[0], two[1], made(0x3000, 60)};
    const LostBlocks lost{{0x1000, {40, {LeakKind::indirect, 0x2000}}},
                          {0x2000, {50, {LeakKind::definite, 0x2000}}}};
    // What hung on the first block hangs on the second then.
    const BlockKinds kinds(
        looked(three, {LeakKind::definite, LeakKind::reachable, LeakKind::indirect}),
        EndCheck::all_blocks, lost);
    EXPECT_EQ(kinds.kind_of(0x1000), LeakKind::indirect);
    EXPECT_EQ(kinds.kind_of(0x2000), LeakKind::definite);
    EXPECT_EQ(kinds.kind_of(0x3000), LeakKind::indirect);
    EXPECT_EQ(kinds.behind(0x2000).blocks, 2u);
    EXPECT_EQ(kinds.behind(0x2000).bytes, 100u);
}

TEST(BlockKindsTest, OfAProcessThatNobodyLookedAtInTheEnd) {
    const BlockKinds kinds(LostBlocks{{0x1000, {40, {LeakKind::definite, 0x1000}}}},
                           LeakKind::unclassified);
    EXPECT_EQ(kinds.kind_of(0x1000), LeakKind::definite);
    EXPECT_EQ(kinds.kind_of(0x2000), LeakKind::unclassified);
}

}  // namespace
}  // namespace leakcheck
