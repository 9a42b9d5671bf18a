// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "sampler/sampling.hpp"

namespace leakcheck::sampler {
namespace {

double relative_error(double value, double truth) {
    return truth == 0 ? std::fabs(value) : std::fabs(value - truth) / std::fabs(truth);
}

TEST(NaturalLog, AgreesWithTheLibraryOverAllMagnitudes) {
    std::uint64_t state = 1;
    for (int i = 0; i < 200'000; ++i) {
        const double mantissa = 1.0 + static_cast<double>(next_random(state) >> 12) * 0x1p-52;
        const int exponent = static_cast<int>(next_random(state) % 2000) - 1000;
        const double x = std::ldexp(mantissa, exponent);
        ASSERT_LT(relative_error(natural_log(x), std::log(x)), 1e-15) << x;
    }
}

TEST(NaturalLog, AgreesWithTheLibraryNearOne) {
    for (int i = -2000; i <= 2000; ++i) {
        const double x = 1.0 + i * 1e-7;
        ASSERT_LT(relative_error(natural_log(x), std::log(x)), 1e-15) << x;
    }
    EXPECT_EQ(natural_log(1.0), 0.0);
}

TEST(LogOfNotSampled, AgreesWithLog1p) {
    for (std::uint64_t rate = 2; rate < std::uint64_t{1} << 43; rate += 1 + rate / 7) {
        const double truth =
            static_cast<double>(std::log1p(-1.0L / static_cast<long double>(rate)));
        ASSERT_LT(relative_error(log_of_not_sampled(rate), truth), 1e-9) << rate;
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
        std::uint64_t state = random_state(static_cast<std::uint64_t>(seed), 1);
        for (int i = 0; i < gaps; ++i) sum += static_cast<double>(next_gap(state, GetParam()));
    }
    const double standard_error = std::sqrt(rate * (rate - 1) / (seeds * gaps));
    EXPECT_NEAR(sum / (seeds * gaps), rate, 3 * standard_error);
}

// P(G > k) = (1 - 1/N)^k at the quantiles of interest.
TEST_P(GapRate, HasTheTailOfTheGeometricDistribution) {
    const auto rate = static_cast<double>(GetParam());
    constexpr int gaps = 1'000'000;
    std::uint64_t state = random_state(42, 1);
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
        std::uint64_t state = random_state(seed, 3);
        for (std::uint64_t at = next_gap(state, GetParam()); at <= allocations;
             at += next_gap(state, GetParam()))
            sum += rate;
    }
    const double standard_error = std::sqrt(allocations * (rate - 1) / seeds);
    EXPECT_NEAR(sum / seeds, static_cast<double>(allocations), 3 * standard_error);
}

INSTANTIATE_TEST_SUITE_P(Rates, GapRate, testing::Values(2, 3, 10, 100, 1000, 1 << 21));

TEST(RandomState, DiffersBetweenThreadsAndSeedsAndIsRepeatable) {
    std::set<std::uint64_t> states;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        for (std::uint64_t thread = 1; thread <= 100; ++thread) {
            states.insert(random_state(seed, thread));
            EXPECT_EQ(random_state(seed, thread), random_state(seed, thread));
        }
    }
    EXPECT_EQ(states.size(), 100u * 100u);
}

}  // namespace
}  // namespace leakcheck::sampler
