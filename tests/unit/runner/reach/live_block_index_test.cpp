// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/live_block_index.hpp"

#include <gtest/gtest.h>

#include <random>

namespace leakcheck::reach {
namespace {

using Hit = LiveBlockIndex::Hit;

TEST(LiveBlockIndex, TellsStartFromInterior) {
    const LiveBlockIndex index({{0x1000, 32}, {0x1020, 16}});
    EXPECT_EQ(index.find(0x1000), (Hit{0, 0}));
    EXPECT_EQ(index.find(0x101f), (Hit{0, 31}));
    EXPECT_EQ(index.find(0x1020), (Hit{1, 0}));
    EXPECT_EQ(index.find(0xfff), std::nullopt);
    EXPECT_EQ(index.find(0x1030), std::nullopt) << "one past the end";
}

TEST(LiveBlockIndex, ABlockOfNoBytesIsHitByItsAddress) {
    const LiveBlockIndex index({{0x1000, 0}, {0x2000, 0}});
    EXPECT_EQ(index.find(0x1000), (Hit{0, 0}));
    EXPECT_EQ(index.find(0x1001), std::nullopt);
    EXPECT_EQ(index.find(0x2000), (Hit{1, 0}));
}

TEST(LiveBlockIndex, LargeBlocksSpanRegions) {
    const std::uint64_t start = 0x7f0000001000;
    const LiveBlockIndex index({{0x1000, 8}, {start, std::uint64_t{1} << 32}});
    EXPECT_EQ(index.find(start + (std::uint64_t{1} << 31)), (Hit{1, std::uint64_t{1} << 31}));
    EXPECT_EQ(index.find(start + (std::uint64_t{1} << 32) - 1)->block, 1u);
    EXPECT_EQ(index.find(start + (std::uint64_t{1} << 32)), std::nullopt);
}

TEST(LiveBlockIndex, TheInnermostBlockIsHit) {
    const LiveBlockIndex index({{0x1000, 0x1000}, {0x1100, 0x10}});
    EXPECT_EQ(index.find(0x1080), (Hit{0, 0x80}));
    EXPECT_EQ(index.find(0x1108), (Hit{1, 8}));
    EXPECT_EQ(index.find(0x1200), std::nullopt) << "behind the inner one";
}

TEST(LiveBlockIndex, HostileListsAreMadeSane) {
    const LiveBlockIndex index({{0x3000, ~std::uint64_t{0}},
                                {~std::uint64_t{0}, 8},
                                {address_limit, 8},
                                {0x1000, 8},
                                {0x1000, 16}});
    ASSERT_EQ(index.blocks().size(), 2u);
    EXPECT_EQ(index.blocks()[0], (LiveBlock{0x1000, 16}));
    EXPECT_EQ(index.blocks()[1].end(), address_limit);
    EXPECT_EQ(index.find(address_limit - 1)->block, 1u);
    EXPECT_EQ(index.find(address_limit), std::nullopt);
    EXPECT_EQ(index.find(~std::uint64_t{0}), std::nullopt);
}

TEST(LiveBlockIndex, NoBlocksHitNothing) {
    const LiveBlockIndex index({});
    EXPECT_EQ(index.find(0), std::nullopt);
    EXPECT_EQ(index.find(0x1000), std::nullopt);
}

TEST(LiveBlockIndex, FindsWhatASearchOfAllFinds) {
    std::mt19937_64 random(1);
    for (int round = 0; round < 20; ++round) {
        LiveBlocks blocks;
        std::uint64_t address = 0x550000000000 + random() % 1000 * 16;
        const unsigned spread = 4 + static_cast<unsigned>(random() % 24);
        for (int i = 0; i < 2000; ++i) {
            const std::uint64_t size = random() % (std::uint64_t{1} << random() % spread);
            blocks.push_back({address, size});
            address += size + 16 + random() % (std::uint64_t{1} << random() % spread);
        }
        const LiveBlockIndex index(blocks);
        for (int i = 0; i < 20'000; ++i) {
            const LiveBlock& near = blocks[random() % blocks.size()];
            const std::uint64_t asked = near.address + random() % (near.size + 40) - 20;
            std::optional<Hit> expected;
            const BlockNumber next = index.first_from(asked + 1);
            if (next > 0) {
                const LiveBlock& block = blocks[next - 1];
                if (asked == block.address || asked < block.end())
                    expected = Hit{next - 1, asked - block.address};
            }
            ASSERT_EQ(index.find(asked), expected) << "round " << round;
            if (expected) {
                ASSERT_TRUE(index.may_hold(asked));
            }
        }
    }
}

}  // namespace
}  // namespace leakcheck::reach
