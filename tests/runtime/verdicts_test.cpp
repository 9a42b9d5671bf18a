// SPDX-License-Identifier: Apache-2.0
//
// A verdict depends on the build only: not on the order of tests, the division into shards, or on what the
// scheduler does. bench/verdicts shows the same for more runs and all modes.
#include <array>

#include "tests/runtime/harness.hpp"

namespace leakcheck::runtime {
namespace {

constexpr Totals kLeaked{12'000, 120};  // by all tests of the program
constexpr int kRuns = 3;
constexpr int kShards = 4;

class VerdictsTest : public RuntimeTest, public testing::WithParamInterface<std::string> {
  protected:
    Traced trace_with_budget(std::uint64_t bytes, const Strings& arguments,
                             const Setting& setting = {}) {
        Strings command{program("near_budget"), "--gtest_brief=1"};
        command.insert(command.end(), arguments.begin(), arguments.end());
        return trace({"--sampling", GetParam(), "--quiet", "--max-leaked-bytes",
                      std::to_string(bytes), "--max-leaked-blocks", std::to_string(kLeaked.blocks)},
                     command, setting);
    }

    void expect_verdicts(const Strings& arguments) {
        for (const auto& [budget, verdict] : std::array<std::pair<std::uint64_t, const char*>, 2>{
                 {{kLeaked.bytes, "pass"}, {kLeaked.bytes - 1, "fail"}}}) {
            const Traced traced = trace_with_budget(budget, arguments);
            ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
            EXPECT_EQ(traced.result.at("verdict").at("status"), verdict) << traced.outcome.err;
            EXPECT_EQ(leaked(traced.result), kLeaked);
        }
    }
};

TEST_P(VerdictsTest, AreTheSameInEveryRun) {
    for (int i = 0; i < kRuns; ++i) expect_verdicts({});
}

TEST_P(VerdictsTest, AreTheSameInAnyOrder) {
    for (int seed = 1; seed <= kRuns; ++seed)
        expect_verdicts({"--gtest_shuffle", "--gtest_random_seed=" + std::to_string(seed)});
}

TEST_P(VerdictsTest, ShardsTogetherLeakTheSame) {
    Totals sum;
    for (int shard = 0; shard < kShards; ++shard) {
        const Traced traced =
            trace_with_budget(kLeaked.bytes, {},
                              {.environment = {{"GTEST_TOTAL_SHARDS", std::to_string(kShards)},
                                               {"GTEST_SHARD_INDEX", std::to_string(shard)}}});
        ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
        EXPECT_EQ(traced.result.at("verdict").at("status"), "pass");
        sum.bytes += leaked(traced.result).bytes;
        sum.blocks += leaked(traced.result).blocks;
    }
    EXPECT_EQ(sum, kLeaked);
}

INSTANTIATE_TEST_SUITE_P(Exact, VerdictsTest, testing::Values("counted", "1:1"));

}  // namespace
}  // namespace leakcheck::runtime
