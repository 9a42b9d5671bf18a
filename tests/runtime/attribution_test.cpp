// SPDX-License-Identifier: Apache-2.0
//
// Each leak of the suite program has a size of its own; where it landed is what these tests look at.
#include <set>

#include "tests/runtime/harness.hpp"

namespace leakcheck::runtime {
namespace {

using Owners = std::multimap<std::uint64_t, std::string>;  // block size -> owner

const std::set<std::uint64_t> kSizes{1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009,
                                     1010, 1011, 1012, 1013, 1014, 1015, 1016, 1017};

// Leaks of the suite's own sizes. A death test's child that GoogleTest starts anew makes every allocation
// from static initialisation to the death once more; those are left out here.
Owners owners_of(const nlohmann::json& result) {
    Owners owners;
    for (const auto& leak : result.at("leaks")) {
        const auto bytes = leak.at("bytes").at("observed").get<std::uint64_t>();
        const auto blocks = leak.at("blocks").at("observed").get<std::uint64_t>();
        const bool in_death_test = leak.at("not_gated") == "death_test" && bytes != 1014;
        if (blocks == 0 || in_death_test || !kSizes.contains(bytes / blocks)) continue;
        for (std::uint64_t i = 0; i < blocks; ++i) owners.emplace(bytes / blocks, leak.at("owner"));
    }
    return owners;
}

const Owners kExpected{
    {1001, "outside tests"},
    {1002, "outside tests"},
    {1003, "environment (set-up)"},
    {1004, "Fixture (set-up)"},
    {1005, "Fixture.First"},
    {1005, "Fixture.Second"},
    {1006, "Fixture.First"},
    {1006, "Fixture.Second"},
    {1007, "Fixture (tear-down)"},
    {1008, "Plain.Leaks"},
    {1009, "Plain.LeaksInThread"},
    {1010, "Values/Parameterised.Leaks/0"},
    {1010, "Values/Parameterised.Leaks/1"},
    {1010, "Values/Parameterised.Leaks/2"},
    {1011, "Typed/0.Leaks"},
    {1011, "Typed/1.Leaks"},
    {1012, "Plain.LeaksInForkedChild"},
    {1013, "Plain.LeaksInExecutedChild"},
    {1014, "Death.Fast"},
    {1014, "Death.Threadsafe"},
    {1015, "Plain.LeaksInClosedLibrary"},
    {1016, "environment (tear-down)"},
};

std::multiset<std::pair<std::uint64_t, std::string>> as_set(const Owners& owners) {
    return {owners.begin(), owners.end()};
}

class AttributionTest : public RuntimeTest, public testing::WithParamInterface<std::string> {};

TEST_P(AttributionTest, EachLeakLandsWithItsOwner) {
    const Traced traced = trace({}, {program(GetParam())});
    ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
    EXPECT_EQ(as_set(owners_of(traced.result)), as_set(kExpected));
    EXPECT_EQ(traced.outcome.status, 23);
    EXPECT_TRUE(traced.result.at("losses").empty()) << traced.result.at("losses");
}

TEST_P(AttributionTest, ShufflingChangesNothing) {
    const Traced traced =
        trace({}, {program(GetParam()), "--gtest_shuffle", "--gtest_random_seed=7"});
    ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
    EXPECT_EQ(as_set(owners_of(traced.result)), as_set(kExpected));
}

TEST_P(AttributionTest, RepeatingAddsUp) {
    const Traced traced = trace(
        {}, {program(GetParam()), "--gtest_repeat=3", "--gtest_filter=Plain.Leaks:Plain.Clean"});
    ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
    EXPECT_EQ(owners_of(traced.result).count(1008), 3u);
    for (const auto& test : traced.result.at("tests")) EXPECT_EQ(test.at("runs"), 3) << test;
}

TEST_P(AttributionTest, ShardsAddUpToTheWhole) {
    Owners sum;
    for (const std::string shard : {"0", "1", "2"}) {
        const Traced traced =
            trace({}, {program(GetParam())},
                  {.environment = {{"GTEST_TOTAL_SHARDS", "3"}, {"GTEST_SHARD_INDEX", shard}}});
        ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
        for (const auto& [bytes, owner] : owners_of(traced.result))
            if (owner.find('.') != std::string::npos) sum.emplace(bytes, owner);
    }
    Owners expected;
    for (const auto& [bytes, owner] : kExpected)
        if (owner.find('.') != std::string::npos) expected.emplace(bytes, owner);
    EXPECT_EQ(as_set(sum), as_set(expected));
}

TEST_P(AttributionTest, EveryTestIsListed) {
    const Traced traced = trace({}, {program(GetParam())});
    ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
    std::set<std::string> names;
    for (const auto& test : traced.result.at("tests")) names.insert(test.at("name"));
    EXPECT_EQ(names.size(), 16u);
    EXPECT_TRUE(names.contains("Plain.Clean"));
}

INSTANTIATE_TEST_SUITE_P(Programs, AttributionTest, testing::Values("suite", "suite_with_listener"),
                         [](const auto& which) { return which.param; });

// The same per-test result, whichever way tests are told apart.
TEST_F(RuntimeTest, ListenerAndProbesAgree) {
    const auto per_test = [this](const std::string& name) {
        std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> tests;
        const Traced traced = trace({}, {program(name)});
        for (const auto& test : traced.result.at("tests"))
            tests[test.at("name")] = {test.at("leaked_bytes").at("observed"),
                                      test.at("leaked_blocks").at("observed")};
        return tests;
    };
    EXPECT_EQ(per_test("suite"), per_test("suite_with_listener"));
}

TEST_F(RuntimeTest, EightAtOnceDoNotDisturbEachOther) {
    std::string script;
    for (int i = 0; i < 8; ++i)
        script += leakcheck_program() + " --quiet --no-github --json " +
                  (directory() / std::to_string(i)).string() + ".json -- " + program("suite") +
                  " > /dev/null 2>&1 & ";
    run({"sh", "-c", script + "wait"}, here());
    for (int i = 0; i < 8; ++i) {
        const std::string text = read_file(directory() / (std::to_string(i) + ".json"));
        ASSERT_FALSE(text.empty()) << i;
        EXPECT_EQ(as_set(owners_of(nlohmann::json::parse(text))), as_set(kExpected)) << i;
    }
}

}  // namespace
}  // namespace leakcheck::runtime
