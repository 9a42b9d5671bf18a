// SPDX-License-Identifier: Apache-2.0
//
// Remembered call paths on stacks made by hand. Where a path leads follows from its words: the place of each word is
// a function of the words before it, as return addresses determine the frames behind them.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "sampler/counted/call_path.hpp"

namespace leakcheck::sampler::counted {
namespace {

constexpr std::uint64_t salt = 7;
constexpr std::uint64_t return_address = 0x401000;

using Stack = std::array<std::uint64_t, 512>;

struct PathOnStack {
    Stack stack{};
    CallPath path;
};

// A path of these words; each is a return address that tells how far away the next one is.
PathOnStack lay_out(const std::vector<std::uint64_t>& words) {
    PathOnStack result;
    result.stack[1] = return_address;
    std::size_t place = 2;
    for (const std::uint64_t word : words) {
        result.stack[place] = word;
        result.path.place[result.path.words++] = static_cast<std::uint16_t>(place);
        place += 1 + word % 8;
    }
    result.path.end = PathEnd::thread;
    return result;
}

std::vector<std::uint64_t> random_words(std::mt19937_64& random, std::size_t most) {
    // Few addresses, so that paths share their beginnings; 0 ends a path, as it does a stack.
    std::vector<std::uint64_t> words(random() % most);
    for (std::uint64_t& word : words) word = 0x401000 + random() % 3;
    words.push_back(0);
    return words;
}

class PathCacheTest : public testing::Test {
  protected:
    PathCacheTest() { RecordProperty("seed", std::to_string(seed_)); }

    // As if the frame were always at the same place.
    std::uint32_t find(const PathOnStack& path) {
        stack_ = path.stack;
        return cache_->find(PathCache::key_of(stack_.data(), salt), stack_.data());
    }
    void remember(const PathOnStack& path, std::uint32_t account) {
        stack_ = path.stack;
        cache_->remember(PathCache::key_of(stack_.data(), salt), stack_.data(), path.path, account);
    }

    const std::uint64_t seed_ = std::random_device{}();
    std::mt19937_64 random_{seed_};
    std::unique_ptr<PathCache> cache_ = std::make_unique<PathCache>();
    Stack stack_{};
};

TEST_F(PathCacheTest, KnowsNothingAtFirst) {
    EXPECT_EQ(find(lay_out({0x401001, 0})), 0u);
}

TEST_F(PathCacheTest, KnowsAPathFromAnotherWithTheSameFrame) {
    const PathOnStack first = lay_out({0x401001, 0x401002, 0});
    const PathOnStack second = lay_out({0x401001, 0x40100a, 0});
    remember(first, 1);
    EXPECT_EQ(find(first), 1u);
    EXPECT_EQ(find(second), 0u);
    remember(second, 2);
    EXPECT_EQ(find(first), 1u) << "they differ in a word at the same place";
    EXPECT_EQ(find(second), 2u);
}

TEST_F(PathCacheTest, KnowsPathsThatPartEarlierThanOneRemembered) {
    const PathOnStack longer = lay_out({0x401001, 0x401002, 0x401003, 0});
    const PathOnStack other = lay_out({0x401004, 0x401002, 0});
    remember(longer, 1);
    remember(other, 2);
    remember(longer, 1);  // the node had to give up places, and what came behind them
    EXPECT_EQ(find(longer), 1u);
    EXPECT_EQ(find(other), 2u);
}

TEST_F(PathCacheTest, KnowsAPathWithoutWords) {
    PathOnStack path;
    path.stack[1] = return_address;
    remember(path, 3);
    EXPECT_EQ(find(path), 3u);
}

TEST_F(PathCacheTest, TakesTheLastAccountOfAPath) {
    const PathOnStack path = lay_out({0x401001, 0});
    remember(path, 1);
    remember(path, 2);
    EXPECT_EQ(find(path), 2u);
}

TEST_F(PathCacheTest, PathsOfTheLargestLength) {
    std::vector<std::uint64_t> words(most_path_words, 0x401001);
    const PathOnStack path = lay_out(words);
    words[most_path_words - 1] += 8;
    remember(path, 1);
    EXPECT_EQ(find(path), 1u);
    EXPECT_EQ(find(lay_out(words)), 0u);
}

TEST_F(PathCacheTest, TellsThousandsOfPathsFromOneFrameApart) {
    std::map<std::vector<std::uint64_t>, std::uint32_t> accounts;
    while (accounts.size() < 3000)
        accounts.emplace(random_words(random_, 20),
                         static_cast<std::uint32_t>(accounts.size() + 1));
    const auto count_found = [&] {
        std::size_t found = 0;
        for (const auto& [words, account] : accounts) {
            const PathOnStack path = lay_out(words);
            const std::uint32_t answer = find(path);
            EXPECT_TRUE(answer == account || answer == 0) << "another path's, seed " << seed_;
            if (answer == account) ++found;
            if (answer == 0) remember(path, account);
        }
        return found;
    };
    // What stands behind a place where paths part is to be remembered anew: once for each such place.
    for (int round = 0; round < 20; ++round) count_found();
    EXPECT_GE(count_found(), accounts.size() * 99 / 100) << "seed " << seed_;
}

// With one key, though not on one stack.
TEST_F(PathCacheTest, ThreadsNeverSeeAHalfWrittenPath) {
    const auto work = [this](std::uint64_t seed) {
        std::mt19937_64 random(seed);
        Stack stack{};
        for (int i = 0; i < 20000; ++i) {
            const std::vector<std::uint64_t> words = random_words(random, 6);
            const PathOnStack path = lay_out(words);
            stack = path.stack;
            std::uint32_t account = 1;
            for (const std::uint64_t word : words) account = account * 5 + 1 + word % 4;
            const std::uint32_t answer = cache_->find(1, stack.data());
            if (answer != 0 && answer != account) return false;
            cache_->remember(1, stack.data(), path.path, account);
        }
        return true;
    };
    bool is_right = false;
    std::thread other([&] { is_right = work(seed_); });
    EXPECT_TRUE(work(seed_ + 1)) << "seed " << seed_;
    other.join();
    EXPECT_TRUE(is_right) << "seed " << seed_;
}

}  // namespace
}  // namespace leakcheck::sampler::counted
