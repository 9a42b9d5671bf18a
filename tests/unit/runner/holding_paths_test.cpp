// SPDX-License-Identifier: Apache-2.0
//
// Paths from marks that the tests have made up themselves.
#include "runner/trace/holding_paths.hpp"

#include <gtest/gtest.h>

#include <array>

namespace leakcheck {
namespace {

using reach::ReachedFrom;

constexpr std::uint64_t data = 0x5000;  // where the program's data is

// Blocks at 0x10000, 0x11000, ..., 100, 101, ... bytes large.
class MadeUpLook {
  public:
    static std::uint64_t address(reach::BlockNumber block) { return 0x10000 + 0x1000 * block; }

    reach::BlockNumber add(LeakKind kind, ReachedFrom from) {
        const auto number = static_cast<reach::BlockNumber>(found_.blocks.size());
        found_.blocks.push_back({address(number), 100u + number});
        found_.marks.kinds.push_back(kind);
        found_.marks.reached_from.push_back(from);
        return number;
    }
    ReachedFrom& from(reach::BlockNumber block) { return found_.marks.reached_from[block]; }

    HoldingPaths paths() {
        found_.places.add({RootKind::static_data, {data, data + 0x1000}, 0x4000, 0, "/bin/a"});
        return HoldingPaths(std::move(found_));
    }

  private:
    reach::Reachability found_;
};

constexpr ReachedFrom from_root(std::uint64_t offset) {
    return {ReachedFrom::no_block, 0, data + offset, 0};
}

// Each block has a stack of its own.
StackId stack_of(std::uint64_t address) {
    return StackId{address / 0x1000};
}

HoldingPath path_to(const HoldingPaths& paths, reach::BlockNumber block) {
    return paths.path_to(MadeUpLook::address(block), stack_of);
}

TEST(HoldingPaths, OfAReachableBlockBeginAtARoot) {
    MadeUpLook look;
    const auto holder = look.add(LeakKind::reachable, from_root(0x10));
    const auto held = look.add(LeakKind::reachable, {holder, 8, 24, 1});
    const HoldingPath path = path_to(look.paths(), held);
    EXPECT_EQ(path.root.kind, RootKind::static_data);
    EXPECT_EQ(path.root.object_address, 0x4010u);
    EXPECT_EQ(path.blocks,
              (std::vector<HoldingBlock>{{100, 0, 24, StackId{0x10}}, {101, 8, 0, StackId{0x11}}}));
    EXPECT_EQ(path.left_out, 0u);
}

TEST(HoldingPaths, OfAnIndirectBlockBeginAtTheDefiniteOne) {
    MadeUpLook look;
    const auto leader = look.add(LeakKind::definite, {});
    const auto child = look.add(LeakKind::indirect, {leader, 0, 8, 1});
    const auto grandchild = look.add(LeakKind::indirect, {child, 0, 16, 2});
    look.from(leader) = {child, 0, 0, 2};  // a ring, which is of no concern here
    const HoldingPath path = path_to(look.paths(), grandchild);
    EXPECT_EQ(path.root.kind, RootKind::lost_block);
    ASSERT_EQ(path.blocks.size(), 3u);
    EXPECT_EQ(path.blocks[0], (HoldingBlock{100, 0, 8, StackId{0x10}}));
    EXPECT_EQ(path.blocks[2], (HoldingBlock{102, 0, 0, StackId{0x12}}));
}

TEST(HoldingPaths, OfADefiniteBlockGoRoundItsRing) {
    MadeUpLook look;
    const auto leader = look.add(LeakKind::definite, {});
    const auto second = look.add(LeakKind::indirect, {leader, 0, 8, 1});
    const auto third = look.add(LeakKind::indirect, {second, 4, 16, 2});
    look.from(leader) = {third, 12, 32, 3};
    const HoldingPath path = path_to(look.paths(), leader);
    EXPECT_EQ(path.root.kind, RootKind::ring);
    EXPECT_EQ(path.blocks, (std::vector<HoldingBlock>{{100, 12, 8, StackId{0x10}},
                                                      {101, 0, 16, StackId{0x11}},
                                                      {102, 4, 32, StackId{0x12}}}));
}

TEST(HoldingPaths, OfALostBlockAreNone) {
    MadeUpLook look;
    const auto lost = look.add(LeakKind::definite, {});
    const HoldingPaths paths = look.paths();
    EXPECT_EQ(path_to(paths, lost).root.kind, RootKind::none);
    EXPECT_TRUE(path_to(paths, lost).blocks.empty());
    EXPECT_EQ(path_to(paths, 7).root.kind, RootKind::none) << "made after the look";
    EXPECT_EQ(path_to(HoldingPaths(), lost).root.kind, RootKind::none);
}

TEST(HoldingPaths, AreCutInTheMiddleWhereTheyAreLong) {
    for (const std::size_t length : {16u, 17u, 1000u}) {
        MadeUpLook look;
        look.add(LeakKind::reachable, from_root(0));
        for (reach::BlockNumber i = 1; i < length; ++i)
            look.add(LeakKind::reachable, {i - 1, 0, 8 * i, i});
        const HoldingPath path = path_to(look.paths(), static_cast<reach::BlockNumber>(length - 1));
        ASSERT_EQ(path.blocks.size(), most_blocks_of_path);
        EXPECT_EQ(path.left_out, length - most_blocks_of_path);
        EXPECT_EQ(path.cut_at, length > 16 ? 8u : 0u);
        EXPECT_EQ(path.blocks[7].bytes, 107u);
        EXPECT_EQ(path.blocks[7].pointer_at, 64u);
        EXPECT_EQ(path.blocks[8].bytes, 100 + length - 8);
        EXPECT_EQ(path.blocks.back().bytes, 100 + length - 1);
    }
}

TEST(HoldingPaths, AreShownForTheNearestBlockWhateverTheOrder) {
    MadeUpLook look;
    look.add(LeakKind::reachable, {ReachedFrom::no_block, 0, data, 3});
    look.add(LeakKind::reachable, {ReachedFrom::no_block, 0, data, 1});
    look.add(LeakKind::reachable, {ReachedFrom::no_block, 0, data, 1});
    const HoldingPaths paths = look.paths();
    for (const auto& order :
         {std::array{0u, 1u, 2u}, std::array{2u, 1u, 0u}, std::array{2u, 0u, 1u}}) {
        ExampleBlock example;
        paths.consider(0x777000, LeakKind::reachable, example);
        EXPECT_EQ(example.address, 0u);
        for (const reach::BlockNumber block : order)
            paths.consider(MadeUpLook::address(block), LeakKind::reachable, example);
        EXPECT_EQ(example.address, MadeUpLook::address(1));
    }
}

}  // namespace
}  // namespace leakcheck
