// SPDX-License-Identifier: Apache-2.0
//
// Each mode of sampling on tests whose leaks are known.
#include <cmath>

#include "tests/runtime/estimates.hpp"
#include "tests/runtime/harness.hpp"

namespace leakcheck::runtime {
namespace {

struct Mode {
    std::string name;
    std::string option;
};

void PrintTo(const Mode& mode, std::ostream* out) {
    *out << mode.name;
}

struct KnownLeak {
    std::string test;
    double blocks = 0;
    double bytes = 0;
};

const std::vector<KnownLeak> known_leaks{{"Hot.LeaksInALoop", 20'000, 960'000},
                                         {"Hot.LeaksInAThread", 10'000, 1'000'000},
                                         {"Mixed.LeaksOfManySizes", 9'000, 18'048'000}};

nlohmann::json test_named(const nlohmann::json& result, const std::string& name) {
    for (const auto& test : result.at("tests"))
        if (test.at("name") == name) return test;
    ADD_FAILURE() << "no test " << name;
    return nullptr;
}

nlohmann::json decisions(const nlohmann::json& result) {
    nlohmann::json all;
    for (const auto& test : result.at("tests")) {
        const auto& allocated = test.at("allocated");
        all[test.at("name").get<std::string>()] = {
            decided(test.at("leaked_blocks")), decided(test.at("leaked_bytes")),
            decided(allocated.at("blocks")), decided(allocated.at("bytes"))};
    }
    return all;
}

class SamplingModeTest : public RuntimeTest, public testing::WithParamInterface<Mode> {
  protected:
    nlohmann::json result_of_seed_3(const Strings& arguments = {}) {
        Strings command{program("sampled_suite")};
        command.insert(command.end(), arguments.begin(), arguments.end());
        const Traced traced =
            trace({"--no-confirm", "--sampling", GetParam().option, "--seed", "3"}, command);
        EXPECT_FALSE(traced.result.is_null()) << traced.outcome.err;
        return traced.result;
    }
};

TEST_P(SamplingModeTest, EstimatesWhatEachTestLeaked) {
    const nlohmann::json result = result_of_seed_3();
    ASSERT_FALSE(result.is_null());
    EXPECT_EQ(result.at("sampling").at("mode"), GetParam().option);
    EXPECT_EQ(result.at("sampling").at("exact"), false);
    EXPECT_TRUE(result.at("losses").empty()) << result.at("losses");
    for (const KnownLeak& known : known_leaks) {
        SCOPED_TRACE(known.test);
        const auto test = test_named(result, known.test);
        ASSERT_FALSE(test.is_null());
        expect_estimate(test.at("leaked_blocks"), known.blocks);
        expect_estimate(test.at("leaked_bytes"), known.bytes);
        EXPECT_LT(test.at("leaked_blocks").at("observed").get<double>(), known.blocks / 4);
    }
}

TEST_P(SamplingModeTest, DecidesTheSameInEveryRun) {
    const nlohmann::json first = result_of_seed_3();
    const nlohmann::json second = result_of_seed_3();
    ASSERT_FALSE(first.is_null() || second.is_null());
    EXPECT_EQ(decisions(first), decisions(second));
}

// What the library allocates for itself in a test depends on the tests before it; what is left does not.
TEST_P(SamplingModeTest, DecidesTheSameInAnyOrder) {
    const nlohmann::json in_order = result_of_seed_3();
    ASSERT_FALSE(in_order.is_null());
    for (const char* seed : {"1", "2", "3"}) {
        const nlohmann::json shuffled =
            result_of_seed_3({"--gtest_shuffle", std::string("--gtest_random_seed=") + seed});
        ASSERT_FALSE(shuffled.is_null());
        for (const KnownLeak& known : known_leaks) {
            const auto leaked_in = [&](const nlohmann::json& result) {
                return decided(test_named(result, known.test).at("leaked_bytes"));
            };
            EXPECT_EQ(leaked_in(shuffled), leaked_in(in_order)) << known.test << ", seed " << seed;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Fixed, SamplingModeTest,
                         testing::Values(Mode{"OneIn", "1:50"}, Mode{"Adaptive", "adaptive:100"},
                                         Mode{"Bytes", "bytes:8Ki"},
                                         Mode{"Strata", "<500=1:50,500-2k=1:20,>2k=1:10"}),
                         [](const auto& which) { return which.param.name; });

using AutoRateTest = RuntimeTest;

// Its rates follow the clock, so no two runs are alike: what holds for all is the largest rate.
TEST_F(AutoRateTest, EstimatesWhatWasAllocatedByWeightsOfItsRates) {
    constexpr double allocated = 139'001;
    constexpr double largest_rate = 2'000;
    const Traced traced =
        trace({"--no-confirm", "--sampling", "auto-rate"}, {program("sampled_suite")});
    ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
    const auto& blocks = traced.result.at("totals").at("allocated").at("blocks");
    const auto estimate = blocks.at("estimate").get<double>();
    EXPECT_NEAR(estimate, allocated, 5 * std::sqrt(allocated * largest_rate));
    EXPECT_GE(estimate, 100 * blocks.at("observed").get<double>());
    EXPECT_LE(estimate, largest_rate * blocks.at("observed").get<double>());
}

using AdaptiveTest = RuntimeTest;

// Sampling at one rate misses such a leak in all but one of a thousand runs.
TEST_F(AdaptiveTest, FindsTheFirstBlockOfEachContext) {
    const Traced traced = trace({"--no-confirm", "--fail-on", "all", "--sampling", "adaptive"},
                                {program("sampled_suite")});
    ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
    const auto test = test_named(traced.result, "Mixed.LeaksOneBesidesManyThatItFrees");
    ASSERT_FALSE(test.is_null());
    EXPECT_EQ(test.at("leaked_blocks").at("observed"), 1);
    EXPECT_EQ(test.at("leaked_bytes").at("observed"), 200);
    EXPECT_LT(test.at("allocated").at("blocks").at("observed").get<int>(), 1'000);
}

}  // namespace
}  // namespace leakcheck::runtime
