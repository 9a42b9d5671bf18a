// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <vector>

#include "sampler/sampling.hpp"

namespace leakcheck::sampler {
namespace {

TEST(LogOfNotSampled, AgreesWithLog1p) {
    for (std::uint64_t rate = 2; rate < std::uint64_t{1} << 43; rate += 1 + rate / 7) {
        const double truth =
            static_cast<double>(std::log1p(-1.0L / static_cast<long double>(rate)));
        ASSERT_NEAR(log_of_not_sampled(rate) / truth, 1, 1e-9) << rate;
    }
}

TEST(Gap, IsOneAtRatesThatTraceAll) {
    std::uint64_t state = 5;
    EXPECT_EQ(next_gap(state, 1), 1u);
    EXPECT_EQ(next_gap(state, 0), 1u);
    EXPECT_EQ(state, 5u);
}

TEST(Gap, IsAtLeastOneAndBoundedByTheBitsOfU) {
    for (const std::uint64_t rate :
         {std::uint64_t{2}, std::uint64_t{1000}, std::uint64_t{1} << 43}) {
        std::uint64_t state = 7;
        for (int i = 0; i < 100'000; ++i) {
            const std::uint64_t gap = next_gap(state, rate);
            ASSERT_GE(gap, 1u);
            ASSERT_LE(static_cast<double>(gap), 37.0 * static_cast<double>(rate));
        }
    }
}

struct GapRate : testing::TestWithParam<std::uint64_t> {};

// Mean N, variance N (N - 1): over many seeds the mean of the gaps lies within 3 standard errors.
TEST_P(GapRate, HasTheMeanOfTheGeometricDistribution) {
    const auto rate = static_cast<double>(GetParam());
    constexpr int seeds = 500;
    constexpr int gaps = 2000;
    double sum = 0;
    for (int seed = 0; seed < seeds; ++seed) {
        std::uint64_t state = random_state(static_cast<std::uint64_t>(seed), 0, 1);
        for (int i = 0; i < gaps; ++i) sum += static_cast<double>(next_gap(state, GetParam()));
    }
    const double standard_error = std::sqrt(rate * (rate - 1) / (seeds * gaps));
    EXPECT_NEAR(sum / (seeds * gaps), rate, 3 * standard_error);
}

// P(G > k) = (1 - 1/N)^k at the quantiles of interest.
TEST_P(GapRate, HasTheTailOfTheGeometricDistribution) {
    const auto rate = static_cast<double>(GetParam());
    constexpr int gaps = 1'000'000;
    std::uint64_t state = random_state(42, 0, 1);
    std::vector<std::uint64_t> drawn(gaps);
    for (auto& gap : drawn) gap = next_gap(state, GetParam());
    for (const double multiple : {0.0, 0.5, 1.0, 2.0, 4.0}) {
        const auto k = static_cast<std::uint64_t>(std::ceil(multiple * rate));
        const double expected = std::pow(1 - 1 / rate, static_cast<double>(k));
        const auto longer =
            std::count_if(drawn.begin(), drawn.end(), [=](auto gap) { return gap > k; });
        const double standard_error = std::sqrt(expected * (1 - expected) / gaps);
        EXPECT_NEAR(static_cast<double>(longer) / gaps, expected, 3 * standard_error + 1e-12)
            << "k = " << k;
    }
}

// The estimate that matters: samples times N against the number of allocations, over seeds.
TEST_P(GapRate, GivesAnUnbiasedCount) {
    constexpr std::uint64_t allocations = 10'000;
    constexpr int seeds = 400;
    const auto rate = static_cast<double>(GetParam());
    double sum = 0;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        std::uint64_t state = random_state(seed, 0, 3);
        for (std::uint64_t at = next_gap(state, GetParam()); at <= allocations;
             at += next_gap(state, GetParam()))
            sum += rate;
    }
    const double standard_error = std::sqrt(allocations * (rate - 1) / seeds);
    EXPECT_NEAR(sum / seeds, static_cast<double>(allocations), 3 * standard_error);
}

INSTANTIATE_TEST_SUITE_P(Rates, GapRate, testing::Values(2, 3, 10, 100, 1000, 1 << 21));

TEST(GapInBytes, HasTheTailOfTheExponentialDistribution) {
    constexpr int gaps = 200'000;
    for (const std::uint64_t mean : {1u, 10u, 4096u, 1u << 30}) {
        std::uint64_t state = random_state(7, 0, 1);
        std::vector<std::uint64_t> drawn(gaps);
        for (auto& gap : drawn) gap = next_gap_in_bytes(state, mean);
        for (const std::uint64_t size : {std::uint64_t{1}, mean, 3 * mean}) {
            const double pi = probability_of_size(size, mean);
            const auto hits =
                std::count_if(drawn.begin(), drawn.end(), [=](auto gap) { return gap <= size; });
            EXPECT_NEAR(static_cast<double>(hits) / gaps, pi,
                        3 * std::sqrt(pi * (1 - pi) / gaps) + 1e-12)
                << "mean " << mean << ", size " << size;
        }
    }
}

double value_of(std::uint64_t weight) {
    return static_cast<double>(weight) / static_cast<double>(LEAKCHECK_WEIGHT_ONE);
}

TEST(Weight, IsOneOverTheProbability) {
    EXPECT_EQ(weight_of_rate(0), LEAKCHECK_WEIGHT_ONE);
    EXPECT_EQ(weight_of_rate(1), LEAKCHECK_WEIGHT_ONE);
    EXPECT_EQ(weight_of_rate(1000), 1000 * LEAKCHECK_WEIGHT_ONE);
    EXPECT_EQ(weight_of_threshold(certain), LEAKCHECK_WEIGHT_ONE);
    EXPECT_EQ(weight_of_threshold(certain / 2), 2 * LEAKCHECK_WEIGHT_ONE);
    EXPECT_EQ(weight_of_threshold(0), LEAKCHECK_WEIGHT_ONE << 32);
    for (const std::uint64_t mean : {1ull, 100ull, 1ull << 19, 1ull << 40}) {
        for (const std::uint64_t size : {1ull, 48ull, 100'000ull, 1ull << 40}) {
            const double truth =
                -1 / std::expm1(-static_cast<double>(size) / static_cast<double>(mean));
            EXPECT_NEAR(value_of(weight_of_size(size, mean)) / truth, 1, 1e-6)
                << "size " << size << ", mean " << mean;
        }
    }
}

TEST(Weight, OfAnEmptyBlockIsThatOfAByte) {
    EXPECT_EQ(weight_of_size(0, 4096), weight_of_size(1, 4096));
    EXPECT_EQ(units_in_bytes(0), 1u);
}

TEST(Threshold, HasTheProbabilityOfTheRate) {
    EXPECT_EQ(threshold_of_rate(1), certain);
    EXPECT_EQ(threshold_of_rate(std::uint64_t{1} << 32), 0u);
    for (std::uint64_t rate = 2; rate < 100'000; rate += 1 + rate / 5) {
        const double pi = (threshold_of_rate(rate) + 1.0) * 0x1p-32;
        EXPECT_NEAR(pi * static_cast<double>(rate), 1, 1e-4) << rate;
        EXPECT_NEAR(value_of(weight_of_threshold(threshold_of_rate(rate))) * pi, 1, 1e-6) << rate;
    }
}

TEST(Strata, BoundsAreExclusiveAndTheLastTakesTheRest) {
    constexpr std::array<leakcheck_stratum, 3> strata{{{1024, 5000}, {65536, 1000}, {~0ull, 100}}};
    EXPECT_EQ(stratum_of(strata, 3, 0), 0u);
    EXPECT_EQ(stratum_of(strata, 3, 1023), 0u);
    EXPECT_EQ(stratum_of(strata, 3, 1024), 1u);
    EXPECT_EQ(stratum_of(strata, 3, 65535), 1u);
    EXPECT_EQ(stratum_of(strata, 3, 65536), 2u);
    EXPECT_EQ(stratum_of(strata, 3, ~0ull), 2u);
}

TEST(AutoRate, FollowsTheFrequency) {
    EXPECT_EQ(rate_for_frequency(0), 100u);
    EXPECT_EQ(rate_for_frequency(999), 100u);
    EXPECT_EQ(rate_for_frequency(1'000), 500u);
    EXPECT_EQ(rate_for_frequency(9'999), 500u);
    EXPECT_EQ(rate_for_frequency(10'000), 1'000u);
    EXPECT_EQ(rate_for_frequency(49'999), 1'000u);
    EXPECT_EQ(rate_for_frequency(50'000), 2'000u);
    EXPECT_EQ(rate_for_frequency(~0ull), 2'000u);
}

TEST(QuickDraw, FallsBelowAThresholdAsOftenAsItSays) {
    constexpr int draws = 1'000'000;
    for (const std::uint64_t rate : {2u, 10u, 1000u}) {
        std::uint64_t state = random_state(3, 0, 1);
        int hits = 0;
        for (int i = 0; i < draws; ++i) hits += quick_draw(state) <= threshold_of_rate(rate);
        const double p = 1 / static_cast<double>(rate);
        EXPECT_NEAR(static_cast<double>(hits) / draws, p, 3 * std::sqrt(p * (1 - p) / draws));
    }
}

TEST(RandomState, DiffersBetweenRunsTestsAndThreadsAndIsRepeatable) {
    std::set<std::uint64_t> states;
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
        for (std::uint64_t test = 0; test < 30; ++test) {
            for (std::uint64_t thread = 1; thread <= 30; ++thread) {
                states.insert(random_state(seed, test, thread));
                EXPECT_EQ(random_state(seed, test, thread), random_state(seed, test, thread));
            }
        }
    }
    EXPECT_EQ(states.size(), 30u * 30u * 30u);
}

}  // namespace
}  // namespace leakcheck::sampler
