// SPDX-License-Identifier: Apache-2.0
//
// The estimator against populations whose truth is known, each sampled anew with 1,000 seeds.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <random>

#include "analysis/estimate.hpp"

namespace leakcheck {
namespace {

constexpr unsigned first_seed = 1;
constexpr unsigned seeds = 1000;

struct Block {
    double weight = 1.0;
    std::uint64_t size = 0;
};

using Population = std::vector<Block>;

Sample draw(const Population& population, unsigned seed) {
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> uniform(0.0, 1.0);
    Sample sample;
    for (const Block& block : population) {
        if (uniform(random) * block.weight >= 1.0) continue;
        const auto size = static_cast<double>(block.size);
        sample.add({block.weight, 1, block.size, size * size, size});
    }
    return sample;
}

// What became of one measure over all seeds.
struct Outcome {
    double truth = 0.0;
    double sum = 0.0;
    double sum_of_squares = 0.0;
    double sum_of_variances = 0.0;
    int covered_by_upper = 0;
    int covered_by_lower = 0;

    void add(const Quantity& quantity, double variance) {
        sum += quantity.estimate;
        sum_of_squares += quantity.estimate * quantity.estimate;
        sum_of_variances += variance;
        covered_by_upper += truth <= quantity.upper ? 1 : 0;
        covered_by_lower += truth >= quantity.lower ? 1 : 0;
    }
    double mean() const { return sum / seeds; }
    double variance() const { return (sum_of_squares - sum * mean()) / (seeds - 1); }
};

void check(const Outcome& outcome) {
    const double standard_error = std::sqrt(outcome.variance() / seeds);
    EXPECT_NEAR(outcome.mean(), outcome.truth, 3 * standard_error);
    EXPECT_NEAR(outcome.sum_of_variances / seeds / outcome.variance(), 1.0, 0.1);
    EXPECT_GE(outcome.covered_by_upper, seeds * 0.94);
    EXPECT_GE(outcome.covered_by_lower, seeds * 0.94);
}

struct PopulationCase {
    const char* what;
    Population population;
    double block_size;  // the mean, for runs in which nothing is seen
};

void PrintTo(const PopulationCase& c, std::ostream* out) {
    *out << c.what;
}

Population equal_blocks(std::size_t count, double weight, std::uint64_t size) {
    return Population(count, Block{weight, size});
}

Population uniform_sizes(std::size_t count, double weight) {
    std::mt19937 random(7);
    std::uniform_int_distribution<std::uint64_t> size(8, 4096);
    Population population;
    while (population.size() < count) population.push_back({weight, size(random)});
    return population;
}

// Small blocks sampled rarely, large ones often, as strata by size do.
Population strata(std::size_t count) {
    Population population = uniform_sizes(count, 1.0);
    for (Block& block : population) {
        block.weight = block.size < 256 ? 100.0 : block.size < 2048 ? 10.0 : 1.0;
    }
    return population;
}

class EstimateProperty : public testing::TestWithParam<PopulationCase> {};

TEST_P(EstimateProperty, IsUnbiasedAndCovers) {
    const Population& population = GetParam().population;
    Outcome blocks;
    Outcome bytes;
    blocks.truth = static_cast<double>(population.size());
    double largest_weight = 1.0;
    for (const Block& block : population) {
        bytes.truth += static_cast<double>(block.size);
        largest_weight = std::max(largest_weight, block.weight);
    }
    SamplingInfo sampling;
    sampling.rate = static_cast<std::uint64_t>(largest_weight);
    const Unseen unseen(sampling, GetParam().block_size);
    for (unsigned seed = first_seed; seed < first_seed + seeds; ++seed) {
        const Sample sample = draw(population, seed);
        blocks.add(sample.blocks(unseen), sample.blocks_variance());
        bytes.add(sample.bytes(unseen), sample.bytes_variance());
    }
    std::cout << "seeds " << first_seed << " to " << first_seed + seeds - 1 << "; upper bound held "
              << blocks.covered_by_upper << " (blocks) and " << bytes.covered_by_upper
              << " (bytes) times, lower bound " << blocks.covered_by_lower << " and "
              << bytes.covered_by_lower << "\n";
    {
        SCOPED_TRACE("blocks");
        check(blocks);
    }
    SCOPED_TRACE("bytes");
    check(bytes);
}

INSTANTIATE_TEST_SUITE_P(
    Populations, EstimateProperty,
    testing::Values(
        PopulationCase{"10,000 equal blocks, 1 in 100", equal_blocks(10'000, 100, 48), 48},
        PopulationCase{"500 equal blocks, 1 in 100", equal_blocks(500, 100, 48), 48},
        PopulationCase{"100 equal blocks, 1 in 2", equal_blocks(100, 2, 48), 48},
        PopulationCase{"5,000 blocks of many sizes, 1 in 50", uniform_sizes(5'000, 50), 2052},
        PopulationCase{"200 blocks of many sizes, 1 in 4", uniform_sizes(200, 4), 2052},
        PopulationCase{"3,000 blocks in strata", strata(3'000), 2052}));

}  // namespace
}  // namespace leakcheck
