// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <initializer_list>

#include "sampler/test_threads.hpp"

namespace leakcheck::sampler {
namespace {

TEST(TestThreads, AreCountedFromOneInEachTest) {
    TestThreads threads;
    EXPECT_EQ(threads.next(0), 1u);
    EXPECT_EQ(threads.next(0), 2u);
    EXPECT_EQ(threads.next(5), 1u);
    EXPECT_EQ(threads.next(5), 2u);
    EXPECT_EQ(threads.next(6), 1u);
}

TEST(TestThreads, OneThatIsLateDoesNotBeginTheCountAgain) {
    TestThreads threads;
    threads.next(7);
    EXPECT_EQ(threads.next(6), 2u);
    EXPECT_EQ(threads.next(7), 3u);
}

TEST(TestThreads, EpochsMayWrap) {
    TestThreads threads;
    for (const std::uint32_t epoch : {0x7fffffffu, 0xfffffffeu}) threads.next(epoch);
    EXPECT_EQ(threads.next(~std::uint32_t{0}), 1u);
    EXPECT_EQ(threads.next(0), 1u);
    EXPECT_EQ(threads.next(0), 2u);
}

}  // namespace
}  // namespace leakcheck::sampler
