// SPDX-License-Identifier: Apache-2.0
//
// Adaptive sampling keeps its samples in the table of the process and traces few of them. Where there is no
// table, all samples are traced: the same ones.
#include <map>
#include <set>

#include "tests/runtime/estimates.hpp"
#include "tests/runtime/harness.hpp"

namespace leakcheck::runtime {
namespace {

constexpr double kMade = 5'000;  // blocks, by each test of the program
constexpr double kSize = 72;     // bytes

class SampledTablesTest : public RuntimeTest {
  protected:
    Traced trace_adaptive(const Strings& command) {
        return trace({"--no-confirm", "--fail-on", "all", "--sampling", "adaptive:50",
                      "--first-samples", "8"},
                     command);
    }
    Traced with_table() { return trace_adaptive({program("sampled_fates")}); }
    // There is none under a limit of address space.
    Traced without_table() {
        return trace_adaptive(
            {"sh", "-c", "ulimit -v 100000000; exec \"$0\"", program("sampled_fates")});
    }
};

using Tests = std::map<std::string, nlohmann::json>;  // by name

Tests tests_of(const nlohmann::json& result) {
    Tests tests;
    for (const auto& test : result.at("tests")) tests[test.at("name").get<std::string>()] = test;
    return tests;
}

TEST_F(SampledTablesTest, KnowWhatBecameOfEachSample) {
    const Traced traced = with_table();
    ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
    EXPECT_TRUE(traced.result.at("losses").empty()) << traced.result.at("losses");
    for (const auto& [name, test] : tests_of(traced.result)) {
        SCOPED_TRACE(name);
        EXPECT_GT(test.at("allocated").at("blocks").at("observed").get<double>(), 50);
        if (name.rfind("None.", 0) == 0) {
            EXPECT_EQ(test.at("leaked_blocks").at("observed"), 0);
        } else {
            EXPECT_LT(test.at("leaked_blocks").at("observed").get<double>(), kMade / 4);
            expect_estimate(test.at("leaked_blocks"), kMade);
            expect_estimate(test.at("leaked_bytes"), kMade * kSize);
        }
    }
}

TEST_F(SampledTablesTest, SampleTheSameAsTracing) {
    const Traced recorded = with_table();
    const Traced traced = without_table();
    ASSERT_FALSE(recorded.result.is_null() || traced.result.is_null());
    EXPECT_TRUE(traced.result.at("losses").empty()) << traced.result.at("losses");
    const Tests by_tracing = tests_of(traced.result);
    for (const auto& [name, test] : tests_of(recorded.result)) {
        SCOPED_TRACE(name);
        const nlohmann::json& other = by_tracing.at(name);
        for (const char* quantity : {"leaked_blocks", "leaked_bytes"})
            EXPECT_EQ(decided(test.at(quantity)), decided(other.at(quantity))) << quantity;
        EXPECT_EQ(decided(test.at("allocated").at("blocks")),
                  decided(other.at("allocated").at("blocks")));
        EXPECT_TRUE(test.at("heap").is_null()) << "the curve needs every block";
    }
}

TEST_F(SampledTablesTest, TraceAPathOnce) {
    const Traced recorded = with_table();
    const Traced traced = without_table();
    ASSERT_FALSE(recorded.result.is_null() || traced.result.is_null());
    const auto events = [](const Traced& run) {
        return run.result.at("overhead").at("events").get<double>();
    };
    EXPECT_LT(events(recorded), events(traced) / 5);
    std::set<std::string> origins;
    for (const auto& leak : recorded.result.at("leaks")) {
        origins.insert(leak.at("stack_origin").get<std::string>());
    }
    EXPECT_EQ(origins, std::set<std::string>{"same_path"});
}

}  // namespace
}  // namespace leakcheck::runtime
