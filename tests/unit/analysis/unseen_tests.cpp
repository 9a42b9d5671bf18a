// SPDX-License-Identifier: Apache-2.0
#include "analysis/unseen.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace leakcheck {
namespace {

constexpr std::uint64_t no_end = UINT64_MAX;

SamplingInfo info(SamplingKind kind, std::uint64_t rate) {
    SamplingInfo sampling;
    sampling.kind = kind;
    sampling.rate = rate;
    return sampling;
}

SamplingInfo by_bytes(std::uint64_t mean) {
    SamplingInfo sampling = info(SamplingKind::bytes, mean);
    sampling.mean_bytes = mean;
    return sampling;
}

SamplingInfo by_strata() {
    SamplingInfo sampling = info(SamplingKind::strata, 5000);
    sampling.strata = {{1000, 5000}, {64'000, 1000}, {no_end, 100}};
    return sampling;
}

double rule_of_three(double weight) {
    return std::floor(std::log(0.05) / std::log1p(-1.0 / weight));
}

void expect_nothing(const Unseen& unseen) {
    EXPECT_EQ(unseen.weight(), 1.0);
    EXPECT_EQ(unseen.blocks_if_nothing_seen(), 0.0);
    EXPECT_EQ(unseen.bytes_if_nothing_seen(), 0.0);
    EXPECT_EQ(unseen.largest_addition(64.0).weight, 1.0);
    EXPECT_EQ(unseen.largest_addition(64.0).variance(), 0.0);
}

TEST(Unseen, ExactModesMissNothing) {
    expect_nothing(Unseen());
    expect_nothing(Unseen(info(SamplingKind::one_in, 1), 100.0));
    expect_nothing(Unseen(info(SamplingKind::counted, 1), 100.0));
    EXPECT_EQ(Unseen(info(SamplingKind::adaptive, 1), 100.0).weight(), 1.0);
}

TEST(Unseen, OneRateForAllSizes) {
    for (const SamplingKind kind :
         {SamplingKind::one_in, SamplingKind::adaptive, SamplingKind::auto_rate}) {
        const Unseen unseen(info(kind, 2000), 48.0);
        EXPECT_EQ(unseen.weight(), 2000.0);
        EXPECT_EQ(unseen.blocks_if_nothing_seen(), rule_of_three(2000.0));
        EXPECT_EQ(unseen.bytes_if_nothing_seen(), 48.0 * rule_of_three(2000.0));
        EXPECT_EQ(unseen.largest_addition(100.0).estimate(), 200'000.0);
    }
}

// The probability to miss blocks of S bytes in all is e^(-S/T), whatever their sizes.
TEST(Unseen, ByBytesTheBoundOfBytesIsExact) {
    for (const double mean_size : {8.0, 5000.0, 1e9}) {
        const Unseen unseen(by_bytes(4096), mean_size);
        EXPECT_NEAR(std::exp(-unseen.bytes_if_nothing_seen() / 4096), 0.05, 1e-12);
    }
}

TEST(Unseen, ByBytesTheSmallestBlocksWeighMost) {
    Unseen unseen(by_bytes(4096), 48.0);
    EXPECT_NEAR(unseen.weight(), 4096.5, 0.01);
    EXPECT_EQ(unseen.blocks_if_nothing_seen(), rule_of_three(unseen.weight()));
    SamplingInfo sampling = by_bytes(4096);
    sampling.min_size = 4096;
    EXPECT_NEAR(Unseen(sampling, 5000.0).weight(), 1 / (1 - std::exp(-1)), 1e-9);
}

TEST(Unseen, ByBytesABlockAddsTheMeanOrItsSize) {
    const Unseen unseen(by_bytes(4096), 48.0);
    EXPECT_NEAR(unseen.largest_addition(1.0).estimate(), 4096.5, 0.01);
    EXPECT_NEAR(unseen.largest_addition(1e6).estimate(), 1e6, 1.0);
    EXPECT_NEAR(unseen.largest_addition(1e6).variance(), 0.0, 1.0);
}

TEST(Unseen, StrataAreMissedAtTheirOwnRates) {
    const Unseen unseen(by_strata(), 200.0);
    EXPECT_EQ(unseen.weight(), 5000.0);
    EXPECT_EQ(unseen.blocks_if_nothing_seen(), rule_of_three(5000.0));
    EXPECT_EQ(unseen.bytes_if_nothing_seen(), 64'000.0 * rule_of_three(100.0))
        << "blocks of the last stratum are of its smallest size, and the most in bytes";
    EXPECT_EQ(Unseen(by_strata(), 40'000.0).bytes_if_nothing_seen(),
              40'000.0 * rule_of_three(1000.0));
}

TEST(Unseen, OfStrataTheOneThatAddsMostCounts) {
    const Unseen unseen(by_strata(), 200.0);
    EXPECT_EQ(unseen.largest_addition(100.0).estimate(), 100.0 * 5000.0);
    EXPECT_EQ(unseen.largest_addition(2000.0).estimate(), 999.0 * 5000.0);
    EXPECT_EQ(unseen.largest_addition(10'000.0).estimate(), 10'000.0 * 1000.0);
    EXPECT_EQ(unseen.largest_addition(1e6).estimate(), 1e6 * 100.0);
}

TEST(Unseen, StrataThatTheSizeLimitsExcludeDoNotCount) {
    SamplingInfo sampling = by_strata();
    sampling.min_size = 1000;
    EXPECT_EQ(Unseen(sampling, 2000.0).weight(), 1000.0);
    sampling.max_size = 63'999;
    EXPECT_EQ(Unseen(sampling, 2000.0).bytes_if_nothing_seen(), 2000.0 * rule_of_three(1000.0));
    EXPECT_EQ(Unseen(sampling, 2000.0).largest_addition(1e6).size, 63'999.0);
}

}  // namespace
}  // namespace leakcheck
