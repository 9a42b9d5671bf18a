// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

#include "sampler/counted/numbers.hpp"
#include "sampler/random.hpp"

namespace leakcheck::sampler::counted {
namespace {

struct Lists {
    explicit Lists(std::uint32_t most)
        : items(most),
          index(LEAKCHECK_INDEX_BYTES / 8),
          list{items.data(), index.data(), &used, most} {}

    std::uint32_t number(std::uint64_t value, std::uint64_t hash) {
        return number_of(list, hash, value,
                         [value](std::uint64_t other) { return other == value; });
    }

    std::vector<std::uint64_t> items;
    std::vector<std::uint64_t> index;
    std::uint32_t used = 0;
    NumberedList<std::uint64_t> list;
};

TEST(NumbersTest, OneForEachItem) {
    constexpr std::uint64_t count = 200'000;
    Lists lists(count + 1);
    for (std::uint64_t i = 1; i <= count; ++i) ASSERT_EQ(lists.number(i, mix(i)), i);
    for (std::uint64_t i = 1; i <= count; ++i) ASSERT_EQ(lists.number(i, mix(i)), i);
    EXPECT_EQ(lists.used, count);
}

TEST(NumbersTest, TellsItemsOfOneHashApart) {
    Lists lists(100);
    const std::uint32_t a = lists.number(1, 77);
    const std::uint32_t b = lists.number(2, 77);
    EXPECT_NE(a, b);
    EXPECT_EQ(lists.number(1, 77), a);
    EXPECT_EQ(lists.number(2, 77), b);
}

TEST(NumbersTest, RefusesWhatThereIsNoRoomFor) {
    Lists lists(4);
    for (std::uint64_t i = 1; i <= 3; ++i) EXPECT_EQ(lists.number(i, mix(i)), i);
    EXPECT_EQ(lists.number(4, mix(4)), 0u);
    EXPECT_EQ(lists.number(5, mix(5)), 0u);
    EXPECT_EQ(lists.number(2, mix(2)), 2u);
    EXPECT_EQ(lists.used, 3u);
}

TEST(NumbersTest, AFullIndexIsRefusedToo) {
    Lists lists(1000);
    std::uint32_t given = 0;
    while (given < 100 && lists.number(given + 1, 5) != 0) ++given;
    EXPECT_EQ(given, LEAKCHECK_INDEX_BUCKET * LEAKCHECK_INDEX_LEVELS);
}

TEST(NumbersTest, ThreadsAgree) {
    constexpr std::uint64_t count = 50'000;
    constexpr std::size_t thread_count = 4;
    Lists lists(thread_count * count);
    std::vector<std::vector<std::uint32_t>> seen(thread_count);
    std::vector<std::thread> threads;
    for (auto& numbers : seen) {
        threads.emplace_back([&lists, &numbers] {
            for (std::uint64_t i = 1; i <= count; ++i) numbers.push_back(lists.number(i, mix(i)));
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (const auto& numbers : seen) EXPECT_EQ(numbers, seen[0]);
    EXPECT_EQ(std::set<std::uint32_t>(seen[0].begin(), seen[0].end()).size(), count);
}

}  // namespace
}  // namespace leakcheck::sampler::counted
