// SPDX-License-Identifier: Apache-2.0
//
// The estimates of every mode of sampling over twenty mixes of sizes: unbiased, with the variance
// they say they have, and within their bounds as often as they promise. The number of seeds is such
// that the empirical variance is known to about 2.5 %, a quarter of what is allowed.
#include <gtest/gtest.h>

#include <cmath>
#include <iostream>
#include <numeric>

#include "tests/unit/analysis/simulated_sampler.hpp"
#include "tests/unit/analysis/size_mixes.hpp"

namespace leakcheck::test {
namespace {

constexpr unsigned first_seed = 1;
constexpr unsigned seeds = 4000;
constexpr int modes = 6;

// One measure over all seeds.
struct Outcome {
    double truth = 0.0;
    double sum = 0.0;
    double sum_of_squares = 0.0;  // of the errors
    double sum_of_variances = 0.0;
    int within_upper = 0;

    void add(const Quantity& quantity, double variance) {
        const double error = quantity.estimate - truth;
        sum += error;
        sum_of_squares += error * error;
        sum_of_variances += variance;
        within_upper += truth <= quantity.upper ? 1 : 0;
    }
    double bias() const { return sum / seeds; }
    double variance() const { return (sum_of_squares - sum * bias()) / (seeds - 1); }
};

void check(const char* measure, const Outcome& outcome) {
    SCOPED_TRACE(measure);
    EXPECT_LE(std::abs(outcome.bias()), 3 * std::sqrt(outcome.variance() / seeds));
    EXPECT_GE(outcome.within_upper, 0.94 * seeds);
    EXPECT_LE(std::abs(outcome.sum_of_variances / seeds - outcome.variance()),
              0.1 * outcome.variance());
}

struct ModeProperty : testing::TestWithParam<std::tuple<int, std::size_t>> {};

TEST_P(ModeProperty, IsUnbiasedWithTheVarianceAndTheBoundItStates) {
    const auto [mode_index, mix_index] = GetParam();
    const SizeMix mix = size_mixes()[mix_index];
    const Sizes some = make_sizes(mix, 1000);
    const double mean = std::accumulate(some.begin(), some.end(), 0.0) / 1000;
    SimulatedMode mode = simulated_modes(mean)[static_cast<std::size_t>(mode_index)];
    const Sizes sizes = make_sizes(mix, mode.blocks);
    std::cout << mode.name << ", " << mix.name << ", seeds " << first_seed << " to "
              << first_seed + seeds - 1 << "\n";

    Outcome blocks;
    Outcome bytes;
    blocks.truth = static_cast<double>(sizes.size());
    bytes.truth = std::accumulate(sizes.begin(), sizes.end(), 0.0);
    const Unseen unseen(mode.sampling, mean);
    for (unsigned seed = first_seed; seed < first_seed + seeds; ++seed) {
        mode.sampling.seed = seed;
        const Sample sample = mode.run(mode.sampling, sizes);
        blocks.add(sample.blocks(unseen), sample.blocks_variance());
        bytes.add(sample.bytes(unseen), sample.bytes_variance());
    }
    check("blocks", blocks);
    check("bytes", bytes);
}

INSTANTIATE_TEST_SUITE_P(ModesAndMixes, ModeProperty,
                         testing::Combine(testing::Range(0, modes),
                                          testing::Range(std::size_t{0}, std::size_t{20})));

}  // namespace
}  // namespace leakcheck::test
