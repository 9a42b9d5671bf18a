// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "sampler/frequency.hpp"

namespace leakcheck::sampler {
namespace {

constexpr std::uint64_t start_ns = 1'000'000'000;
constexpr std::uint64_t window_ns = AllocationFrequency::window_ns;

TEST(Frequency, BeginsAsAQuietProgram) {
    EXPECT_EQ(AllocationFrequency().rate(), 100u);
}

TEST(Frequency, TheFirstSampleOnlyBeginsAWindow) {
    AllocationFrequency frequency;
    frequency.add(1'000'000, start_ns);
    EXPECT_EQ(frequency.rate(), 100u);
}

TEST(Frequency, FollowsTheAllocationsOfEachWindow) {
    AllocationFrequency frequency;
    frequency.add(0, start_ns);
    frequency.add(500, start_ns + window_ns / 2);
    EXPECT_EQ(frequency.rate(), 100u) << "in the middle of the window";
    frequency.add(500, start_ns + window_ns);  // 1,000 in 20 ms
    EXPECT_EQ(frequency.rate(), 2000u);
    frequency.add(100, start_ns + 2 * window_ns);
    EXPECT_EQ(frequency.rate(), 500u);
    frequency.add(400, start_ns + 3 * window_ns);
    EXPECT_EQ(frequency.rate(), 1000u);
    frequency.add(400, start_ns + 103 * window_ns);  // in 2 s
    EXPECT_EQ(frequency.rate(), 100u);
}

TEST(Frequency, AThreadWithAnEarlierTimeChangesNothing) {
    AllocationFrequency frequency;
    frequency.add(0, start_ns);
    frequency.add(1'000'000, start_ns - window_ns);
    EXPECT_EQ(frequency.rate(), 100u);
}

}  // namespace
}  // namespace leakcheck::sampler
