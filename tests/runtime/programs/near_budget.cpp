// SPDX-License-Identifier: Apache-2.0
//
// Tests that leak 12,000 bytes in 120 blocks in all, for verdicts on budgets close to that. Each leaks in two threads,
// among allocations that the scheduler mixes in another order in each run; one suite also makes more or fewer of them.
#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t kLeakedBytes = 100;
constexpr int kLeaksOfAThread = 5;
constexpr int kTextsBetweenLeaks = 200;

void leak_among_texts(int seed) {
    std::minstd_rand random(static_cast<std::minstd_rand::result_type>(seed + 1));
    for (int leak = 0; leak < kLeaksOfAThread; ++leak) {
        std::vector<std::string> texts;
        for (int i = 0; i < kTextsBetweenLeaks; ++i) texts.emplace_back(20 + random() % 200, 't');
        void* volatile block = std::malloc(kLeakedBytes);
        block = nullptr;
    }
}

class InTwoThreads : public testing::TestWithParam<int> {};

TEST_P(InTwoThreads, LeakAThousandBytes) {
    std::thread other(leak_among_texts, GetParam());
    leak_among_texts(-GetParam());
    other.join();
}
INSTANTIATE_TEST_SUITE_P(Seed, InTwoThreads, testing::Range(0, 10));

class WhilePolling : public testing::TestWithParam<int> {};

// How often a waiting thread looks, and allocates, depends on the scheduler.
TEST_P(WhilePolling, LeaksAThousandBytes) {
    std::atomic<bool> done{false};
    std::thread other([&] {
        leak_among_texts(GetParam());
        done = true;
    });
    while (!done) std::this_thread::yield(), std::vector<std::string>(3, std::string(50, 'p'));
    leak_among_texts(-GetParam());
    other.join();
}
INSTANTIATE_TEST_SUITE_P(Seed, WhilePolling, testing::Range(0, 2));

}  // namespace

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
