// SPDX-License-Identifier: Apache-2.0
//
// What the library samples of a program's allocations, in each mode.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sampler/sampling.hpp"
#include "tests/unit/sampler/recorder.hpp"

namespace leakcheck::test {
namespace {

struct Sampled {
    std::uint64_t size = 0;
    double weight = 0;

    bool operator==(const Sampled&) const = default;
};

using Samples = std::vector<Sampled>;

class Decision : public testing::Test {
  protected:
    void SetUp() override {
        if (!can_record()) GTEST_SKIP() << "ptrace is not permitted here";
    }

    // The scenario's own samples: its sizes are of no one else.
    Samples run(const std::string& scenario) {
        const Recording recording =
            record(TracedLibrary(config_, Sites::traps), {{LEAKCHECK_SAMPLED_SCENARIOS, scenario}});
        EXPECT_EQ(recording.exit_status(), 0);
        Samples samples;
        for (const Event& event : recording.of_site("alloc")) {
            samples.push_back({event.arguments[1], static_cast<double>(event.arguments[2]) /
                                                       static_cast<double>(LEAKCHECK_WEIGHT_ONE)});
        }
        return samples;
    }

    leakcheck_config config_ = tracing_config();
};

Samples of_size(const Samples& samples, std::uint64_t size) {
    Samples result;
    std::copy_if(samples.begin(), samples.end(), std::back_inserter(result),
                 [size](const Sampled& sample) { return sample.size == size; });
    return result;
}

// The sum of weights is within 4 standard errors of the number that was made.
void expect_estimate(const Samples& samples, double made) {
    double estimate = 0;
    double variance = 0;
    for (const Sampled& sample : samples) {
        estimate += sample.weight;
        variance += sample.weight * (sample.weight - 1);
    }
    EXPECT_NEAR(estimate, made, 4 * std::sqrt(variance));
}

void expect_weights(const Samples& samples, double weight) {
    for (const Sampled& sample : samples) EXPECT_DOUBLE_EQ(sample.weight, weight);
}

class DecisionInMode : public Decision, public testing::WithParamInterface<leakcheck_mode> {
  protected:
    DecisionInMode() {
        config_.mode = GetParam();
        config_.sample_rate = 50;
        config_.first_samples = 8;
        config_.mean_bytes = 20'000;
        config_.strata_count = 2;
        config_.strata[0] = {1000, 50};
        config_.strata[1] = {~0ull, 20};
    }
};

TEST_P(DecisionInMode, IsTheSameInEveryRunOfASeed) {
    for (const char* scenario : {"hot_and_cold", "mixed_sizes", "threads"}) {
        const Samples first = run(scenario);
        EXPECT_GT(first.size(), 20u);
        EXPECT_EQ(first, run(scenario)) << scenario;
    }
    const Samples first = run("mixed_sizes");
    ++config_.seed;
    EXPECT_NE(first, run("mixed_sizes"));
}

TEST_P(DecisionInMode, DiffersBetweenThreads) {
    const Samples samples = run("threads");
    EXPECT_NE(of_size(samples, 300).size() * 1'000'000 + of_size(samples, 301).size() * 1000 +
                  of_size(samples, 302).size(),
              of_size(samples, 300).size() * 1'001'001);
}

TEST_P(DecisionInMode, EstimatesWhatWasMade) {
    const Samples samples = run("mixed_sizes");
    for (const std::uint64_t size : {16, 2000, 40'000}) {
        SCOPED_TRACE(size);
        expect_estimate(of_size(samples, size), 4000);
    }
}

INSTANTIATE_TEST_SUITE_P(Modes, DecisionInMode,
                         testing::Values(LEAKCHECK_MODE_RATE, LEAKCHECK_MODE_ADAPTIVE,
                                         LEAKCHECK_MODE_BYTES, LEAKCHECK_MODE_STRATA));

TEST_F(Decision, AdaptiveTakesTheFirstOfEachContextAndEverFewer) {
    config_.mode = LEAKCHECK_MODE_ADAPTIVE;
    config_.sample_rate = 100;
    config_.first_samples = 8;
    const Samples samples = run("hot_and_cold");
    const Samples hot = of_size(samples, 100);
    ASSERT_GE(hot.size(), 64u);
    for (std::size_t i = 0; i < hot.size(); ++i)
        EXPECT_NEAR(hot[i].weight, std::min(100.0, std::pow(2, i / 8)), 1e-4) << i;
    expect_estimate(hot, 20'000);
    const Samples cold = of_size(samples, 200);
    ASSERT_GE(cold.size(), 8u);
    for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(cold[i].weight, 1) << i;
}

TEST_F(Decision, BytesGivesEachSizeItsWeight) {
    config_.mode = LEAKCHECK_MODE_BYTES;
    config_.mean_bytes = 20'000;
    const Samples samples = run("mixed_sizes");
    for (const Sampled& sample : samples) {
        const double truth = -1 / std::expm1(-static_cast<double>(sample.size) / 20'000);
        EXPECT_NEAR(sample.weight / truth, 1, 1e-6) << sample.size;
    }
    EXPECT_LT(of_size(samples, 16).size(), 20u);
    EXPECT_GT(of_size(samples, 40'000).size(), 3'000u);
}

TEST_F(Decision, StrataHaveRatesOfTheirOwn) {
    config_.mode = LEAKCHECK_MODE_STRATA;
    config_.strata_count = 3;
    config_.strata[0] = {1000, 100};
    config_.strata[1] = {10'000, 20};
    config_.strata[2] = {~0ull, 1};
    const Samples samples = run("mixed_sizes");
    expect_weights(of_size(samples, 16), 100);
    expect_weights(of_size(samples, 2000), 20);
    expect_weights(of_size(samples, 40'000), 1);
    EXPECT_EQ(of_size(samples, 40'000).size(), 4000u);
}

TEST_F(Decision, AutoRateBeginsAsForAQuietProgram) {
    config_.mode = LEAKCHECK_MODE_AUTO_RATE;
    const Samples samples = run("hot_and_cold");
    ASSERT_FALSE(samples.empty());
    EXPECT_EQ(samples.front().weight, 100);
    for (const Sampled& sample : samples) {
        EXPECT_TRUE(sample.weight == 100 || sample.weight == 500 || sample.weight == 1000 ||
                    sample.weight == 2000)
            << sample.weight;
    }
}

}  // namespace
}  // namespace leakcheck::test
