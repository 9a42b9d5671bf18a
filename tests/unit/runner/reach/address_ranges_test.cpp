// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/address_ranges.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace leakcheck::reach {
namespace {

TEST(AddressRanges, AreSortedAndJoined) {
    EXPECT_EQ(normalized({{30, 40}, {10, 20}, {20, 25}, {35, 50}, {7, 7}, {9, 3}}),
              (AddressRanges{{10, 25}, {30, 50}}));
}

TEST(AddressRanges, HolesAreCutOut) {
    EXPECT_EQ(difference({{10, 50}, {60, 70}}, {{0, 12}, {20, 30}, {45, 65}}),
              (AddressRanges{{12, 20}, {30, 45}, {65, 70}}));
    EXPECT_EQ(difference({{10, 20}}, {{0, 100}}), AddressRanges{});
}

TEST(AddressRanges, OneHoleCutsSeveral) {
    EXPECT_EQ(difference({{10, 20}, {25, 30}, {40, 50}}, {{15, 45}}),
              (AddressRanges{{10, 15}, {45, 50}}));
}

TEST(AddressRanges, AreFoundByAddress) {
    const AddressRanges ranges{{10, 20}, {30, 40}};
    EXPECT_EQ(range_at(ranges, 9), nullptr);
    EXPECT_EQ(range_at(ranges, 10), &ranges[0]);
    EXPECT_EQ(range_at(ranges, 20), nullptr);
    EXPECT_EQ(range_at(ranges, 39), &ranges[1]);
    EXPECT_EQ(range_at(ranges, 40), nullptr);
    EXPECT_EQ(total_size(ranges), 20u);
}

std::set<std::uint64_t> addresses_in(const AddressRanges& ranges) {
    std::set<std::uint64_t> all;
    for (const AddressRange& range : ranges)
        for (std::uint64_t address = range.start; address < range.end; ++address)
            all.insert(address);
    return all;
}

TEST(AddressRanges, AreSets) {
    std::minstd_rand random(1);
    const auto some_ranges = [&] {
        AddressRanges ranges;
        for (unsigned i = 0; i < 8; ++i) {
            const std::uint64_t start = random() % 100;
            ranges.push_back({start, start + random() % 20});
        }
        return normalized(std::move(ranges));
    };
    for (int round = 0; round < 300; ++round) {
        const AddressRanges one = some_ranges();
        const AddressRanges two = some_ranges();
        const auto in_both = addresses_in(intersection(one, two));
        const auto in_first = addresses_in(difference(one, two));
        const auto in_any = addresses_in(joined(one, two));
        for (std::uint64_t address = 0; address < 130; ++address) {
            const bool is_in_one = range_at(one, address) != nullptr;
            const bool is_in_two = range_at(two, address) != nullptr;
            ASSERT_EQ(in_both.contains(address), is_in_one && is_in_two) << "round " << round;
            ASSERT_EQ(in_first.contains(address), is_in_one && !is_in_two) << "round " << round;
            ASSERT_EQ(in_any.contains(address), is_in_one || is_in_two) << "round " << round;
        }
    }
}

}  // namespace
}  // namespace leakcheck::reach
