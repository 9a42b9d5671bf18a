// SPDX-License-Identifier: Apache-2.0
#include "analysis/estimate.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace leakcheck {
namespace {

SampledBlocks equal_blocks(double weight, std::uint64_t blocks, std::uint64_t size) {
    const auto each = static_cast<double>(size);
    return {weight, blocks, blocks * size, static_cast<double>(blocks) * each * each, each};
}

Sample sample_of(std::initializer_list<SampledBlocks> groups) {
    Sample sample;
    for (const SampledBlocks& group : groups) sample.add(group);
    return sample;
}

void expect_exact(const Quantity& quantity, std::uint64_t value) {
    EXPECT_EQ(quantity.observed, value);
    EXPECT_EQ(quantity.estimate, static_cast<double>(value));
    EXPECT_EQ(quantity.lower, static_cast<double>(value));
    EXPECT_EQ(quantity.upper, static_cast<double>(value));
}

// One in `rate`.
Unseen unseen(double rate, double mean_size) {
    SamplingInfo sampling;
    sampling.rate = static_cast<std::uint64_t>(rate);
    return Unseen(sampling, mean_size);
}

// P(X <= n) for X binomial with t trials of probability p, summed term by term.
double binomial_cdf(int n, int t, double p) {
    double sum = 0.0;
    for (int k = 0; k <= n; ++k) {
        sum += std::exp(std::lgamma(t + 1.0) - std::lgamma(k + 1.0) - std::lgamma(t - k + 1.0) +
                        k * std::log(p) + (t - k) * std::log1p(-p));
    }
    return sum;
}

TEST(Estimate, EverythingTracedIsExact) {
    const Sample sample = sample_of({equal_blocks(1.0, 3, 100), equal_blocks(1.0, 5, 7)});
    expect_exact(sample.blocks({}), 8);
    expect_exact(sample.bytes({}), 335);
    EXPECT_EQ(sample.blocks_variance(), 0.0);
    EXPECT_EQ(sample.bytes_variance(), 0.0);
}

TEST(Estimate, NothingSeenAtRateOneIsExactlyZero) {
    expect_exact(Sample().blocks(unseen(1.0, 100.0)), 0);
    expect_exact(Sample().bytes(unseen(1.0, 100.0)), 0);
}

TEST(Estimate, NothingSeenInASampledRunIsBoundedByTheRuleOfThree) {
    for (const double weight : {2.0, 10.0, 200.0, 1000.0}) {
        const Quantity blocks = Sample().blocks(unseen(weight, 64.0));
        EXPECT_EQ(blocks.observed, 0u);
        EXPECT_EQ(blocks.estimate, 0.0);
        EXPECT_EQ(blocks.lower, 0.0);
        EXPECT_EQ(blocks.upper, std::floor(std::log(0.05) / std::log1p(-1.0 / weight)));
        EXPECT_EQ(Sample().bytes(unseen(weight, 64.0)).upper, blocks.upper * 64.0);
    }
    EXPECT_NEAR(Sample().blocks(unseen(1000.0, 0.0)).upper, 3000.0, 10.0);
}

TEST(Estimate, SumsOfWeightsAndTheirVariance) {
    const Sample sample = sample_of({equal_blocks(10.0, 4, 100), equal_blocks(2.0, 3, 50)});
    EXPECT_DOUBLE_EQ(sample.blocks({}).estimate, 46.0);
    EXPECT_DOUBLE_EQ(sample.bytes({}).estimate, 4300.0);
    EXPECT_DOUBLE_EQ(sample.blocks_variance(), 4 * 90.0 + 3 * 2.0);
    EXPECT_DOUBLE_EQ(sample.bytes_variance(), 4 * 90.0 * 1e4 + 3 * 2.0 * 2500.0);
}

TEST(Estimate, OneWeightHasTheExactBinomialBounds) {
    for (const double weight : {1.5, 4.0, 20.0}) {
        for (const int n : {1, 2, 7, 30}) {
            const Quantity blocks =
                sample_of({equal_blocks(weight, static_cast<std::uint64_t>(n), 8)}).blocks({});
            const int upper = static_cast<int>(blocks.upper);
            EXPECT_GT(binomial_cdf(n, upper, 1 / weight), 0.05) << weight << " " << n;
            EXPECT_LE(binomial_cdf(n, upper + 1, 1 / weight), 0.05) << weight << " " << n;
            const int lower = static_cast<int>(blocks.lower);
            EXPECT_GT(1 - binomial_cdf(n - 1, lower, 1 / weight), 0.05) << weight << " " << n;
            if (lower > n) {
                EXPECT_LE(1 - binomial_cdf(n - 1, lower - 1, 1 / weight), 0.05)
                    << weight << " " << n;
            }
        }
    }
}

TEST(Estimate, EqualSizesBoundBytesByBlocks) {
    const Sample sample = sample_of({equal_blocks(100.0, 5, 24)});
    EXPECT_EQ(sample.bytes({}).upper, 24 * sample.blocks({}).upper);
    EXPECT_EQ(sample.bytes({}).lower, 24 * sample.blocks({}).lower);
}

TEST(Estimate, NearlyEqualWeightsHaveNearlyTheExactBounds) {
    for (const std::uint64_t n : {1u, 10u, 1000u}) {
        const Quantity exact = sample_of({equal_blocks(50.0, 2 * n, 8)}).blocks({});
        const Quantity mixed =
            sample_of({equal_blocks(50.0, n, 8), equal_blocks(50.0000001, n, 8)}).blocks({});
        EXPECT_NEAR(mixed.upper, exact.upper, 1.5);
        EXPECT_NEAR(mixed.lower, exact.lower, 1.5);
    }
}

TEST(Estimate, CertainBlocksShiftTheBounds) {
    const Quantity sampled = sample_of({equal_blocks(10.0, 3, 16)}).blocks({});
    const Quantity both =
        sample_of({equal_blocks(10.0, 3, 16), equal_blocks(1.0, 100, 16)}).blocks({});
    EXPECT_EQ(both.observed, 103u);
    EXPECT_DOUBLE_EQ(both.estimate, sampled.estimate + 100);
    EXPECT_DOUBLE_EQ(both.lower, sampled.lower + 100);
    EXPECT_DOUBLE_EQ(both.upper, sampled.upper + 100);
}

TEST(Estimate, NoBoundIsUnderTheObserved) {
    const Quantity blocks = sample_of({equal_blocks(1.001, 50, 8)}).blocks({});
    EXPECT_GE(blocks.lower, 50.0);
    EXPECT_GE(blocks.estimate, blocks.lower);
    EXPECT_GE(blocks.upper, blocks.estimate);
}

TEST(Estimate, ASampledRunMayHaveMissedBlocksBesidesCertainOnes) {
    const Quantity blocks = sample_of({equal_blocks(1.0, 5, 16)}).blocks(unseen(100.0, 16.0));
    EXPECT_EQ(blocks.lower, 5.0);
    EXPECT_EQ(blocks.estimate, 5.0);
    EXPECT_EQ(blocks.upper, 5.0 + Sample().blocks(unseen(100.0, 16.0)).upper);
}

TEST(Estimate, LargerWeightsThanSeenWidenTheUpperBound) {
    const Sample sample = sample_of({equal_blocks(10.0, 4, 16)});
    EXPECT_GT(sample.blocks(unseen(100.0, 16.0)).upper, sample.blocks(unseen(10.0, 16.0)).upper);
    EXPECT_NEAR(sample.blocks(unseen(100.0, 16.0)).lower, sample.blocks(unseen(10.0, 16.0)).lower,
                1.5);
}

TEST(Estimate, BlocksOfNoSizeHaveNoBytes) {
    const Sample sample = sample_of({equal_blocks(10.0, 3, 0)});
    EXPECT_EQ(sample.bytes({}).upper, 0.0);
    EXPECT_GT(sample.blocks({}).upper, 30.0);
}

TEST(Estimate, WeightsUnderOneAndNoNumbersAreTakenAsCertain) {
    expect_exact(sample_of({equal_blocks(0.5, 2, 8)}).blocks({}), 2);
    expect_exact(sample_of({equal_blocks(std::nan(""), 2, 8)}).blocks({}), 2);
}

TEST(Estimate, SamplesAddUp) {
    Sample sum = sample_of({equal_blocks(10.0, 3, 16)});
    sum.add(sample_of({equal_blocks(10.0, 4, 16)}));
    const Quantity whole = sample_of({equal_blocks(10.0, 7, 16)}).bytes({});
    EXPECT_EQ(sum.bytes({}).observed, whole.observed);
    EXPECT_EQ(sum.bytes({}).lower, whole.lower);
    EXPECT_EQ(sum.bytes({}).upper, whole.upper);
    sum.add(Sample());
    EXPECT_EQ(sum.bytes({}).upper, whole.upper);
}

// Ten blocks whose weights are 1 or 5 and sum up to 26 can only be six ones and four fives.
TEST(Estimate, WhereOnlyTheMeanWeightIsKnownTheVarianceIsTheLargestPossible) {
    SampledBlocks group = equal_blocks(2.6, 10, 100);
    group.least_weight = 1.0;
    group.most_weight = 5.0;
    const Sample mixed = sample_of({group});
    const Sample apart = sample_of({equal_blocks(1.0, 6, 100), equal_blocks(5.0, 4, 100)});
    EXPECT_DOUBLE_EQ(mixed.blocks({}).estimate, 26.0);
    EXPECT_DOUBLE_EQ(mixed.blocks_variance(), apart.blocks_variance());
    EXPECT_DOUBLE_EQ(mixed.bytes_variance(), apart.bytes_variance());
    group.least_weight = group.most_weight = 2.6;
    EXPECT_DOUBLE_EQ(sample_of({group}).blocks_variance(), 10 * 2.6 * 1.6);
}

TEST(Estimate, TheNextBlockMayBeLargerInWeightOrInSize) {
    const Sample sample = sample_of({equal_blocks(100.0, 20, 16), equal_blocks(2.0, 20, 4000)});
    SamplingInfo strata;
    strata.kind = SamplingKind::strata;
    strata.rate = 100;
    strata.strata = {{1000, 100}, {UINT64_MAX, 2}};
    const double by_class = sample.bytes(Unseen(strata, 2000.0)).upper;
    const double by_rate = sample.bytes(unseen(100.0, 2000.0)).upper;
    EXPECT_LT(by_class, by_rate) << "no block of 4,000 bytes weighs 100 where strata forbid it";
    EXPECT_GT(by_class, sample.bytes({}).upper) << "one of 999 bytes may weigh 100";
}

TEST(Estimate, LargeNumbersStayFiniteAndOrdered) {
    for (const double weight : {1.0000001, 1.02, 2.0, 1e3, 1e9}) {
        for (const std::uint64_t n : {1ull, 99'999ull, 100'001ull, 1'000'000'000'000ull}) {
            const Sample sample = sample_of({equal_blocks(weight, n, 48)});
            for (const Quantity& q : {sample.blocks({}), sample.bytes({})}) {
                EXPECT_TRUE(std::isfinite(q.upper)) << weight << " " << n;
                EXPECT_GE(q.lower, static_cast<double>(q.observed)) << weight << " " << n;
                EXPECT_GE(q.upper, q.estimate) << weight << " " << n;
                EXPECT_LE(q.lower, q.estimate) << weight << " " << n;
            }
        }
    }
}

}  // namespace
}  // namespace leakcheck
