// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/interval_index.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <random>

#include "tests/unit/elf/fixtures.hpp"

namespace leakcheck::elf {
namespace {

std::vector<int> all_at(IntervalIndex<int>& index, std::uint64_t address) {
    std::vector<int> values;
    index.visit(address, [&](std::uint64_t, int value) {
        values.push_back(value);
        return Visit::go_on;
    });
    return values;
}

TEST(IntervalIndex, HoldsItsStartButNotItsEnd) {
    IntervalIndex<int> index;
    index.add(10, 20, 1);
    EXPECT_EQ(index.innermost(9), nullptr);
    ASSERT_NE(index.innermost(10), nullptr);
    EXPECT_EQ(*index.innermost(19), 1);
    EXPECT_EQ(index.innermost(20), nullptr);
}

TEST(IntervalIndex, VisitsTheInnermostFirst) {
    IntervalIndex<int> index;
    index.add(0, 100, 1);
    index.add(10, 20, 3);
    index.add(10, 50, 2);
    EXPECT_EQ(all_at(index, 15), (std::vector<int>{3, 2, 1}));
    EXPECT_EQ(all_at(index, 30), (std::vector<int>{2, 1}));
    EXPECT_EQ(all_at(index, 60), (std::vector<int>{1}));
}

TEST(IntervalIndex, IgnoresEmptyAndInvertedIntervals) {
    IntervalIndex<int> index;
    index.add(10, 10, 1);
    index.add(20, 10, 2);
    EXPECT_TRUE(all_at(index, 10).empty());
    EXPECT_TRUE(all_at(index, 15).empty());
}

TEST(IntervalIndex, TakesMoreAfterAVisit) {
    IntervalIndex<int> index;
    index.add(10, 20, 1);
    EXPECT_EQ(all_at(index, 12), (std::vector<int>{1}));
    index.add(5, 15, 2);
    EXPECT_EQ(all_at(index, 12), (std::vector<int>{1, 2}));
}

TEST(IntervalIndex, AgreesWithALinearSearch) {
    std::mt19937_64 random(test::test_seed());
    for (int round = 0; round < 50; ++round) {
        IntervalIndex<int> index;
        std::vector<std::pair<std::uint64_t, std::uint64_t>> plain;
        for (int i = 0; i < 40; ++i) {
            const std::uint64_t start = random() % 200;
            const std::uint64_t end = start + random() % 60;
            index.add(start, end, i);
            plain.emplace_back(start, end);
        }
        for (std::uint64_t address = 0; address < 270; ++address) {
            std::vector<int> found = all_at(index, address);
            std::sort(found.begin(), found.end());
            std::vector<int> expected;
            for (int i = 0; i < 40; ++i) {
                if (plain[i].first <= address && address < plain[i].second) expected.push_back(i);
            }
            ASSERT_EQ(found, expected) << "address " << address;
        }
    }
}

}  // namespace
}  // namespace leakcheck::elf
