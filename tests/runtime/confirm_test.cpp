// SPDX-License-Identifier: Apache-2.0
//
// The second run of tests that leak: programs/moody_suite.cpp, whose leaks do not do the same each time.
#include <algorithm>

#include "tests/runtime/harness.hpp"

namespace leakcheck::runtime {
namespace {

using nlohmann::json;

class ConfirmTest : public RuntimeTest {
  protected:
    // The suite, with these tests, in a world where no process of it has run yet.
    Traced moody(const Strings& options, const std::string& filter, Strings arguments = {},
                 Setting setting = {}) {
        std::filesystem::remove_all(memory());
        std::filesystem::create_directory(memory());
        setting.environment["MOODY_DIR"] = memory().string();
        arguments.insert(arguments.begin(), {program("moody_suite"), "--gtest_filter=" + filter});
        Traced traced = trace(options, arguments, setting);
        EXPECT_FALSE(traced.result.is_null()) << traced.outcome.err;
        return traced;
    }

    std::filesystem::path memory() const { return directory() / "memory"; }
};

// The leak of a size of its own; null when there is none.
json leak_of(const json& result, std::uint64_t bytes) {
    for (const json& leak : result.at("leaks"))
        if (leak.at("largest_block") == bytes) return leak;
    return nullptr;
}

std::string stage(const json& result) {
    return result.at("verdict").at("stage");
}

TEST_F(ConfirmTest, AnExactRunDecidesAlone) {
    const Traced traced = moody({"-s", "1"}, "Moody.Steady");
    EXPECT_EQ(stage(traced.result), "first");
    EXPECT_TRUE(traced.result.at("verdict").at("confirmed").is_null());
    EXPECT_FALSE(leak_of(traced.result, 1001).contains("confirmation"));
}

TEST_F(ConfirmTest, ACountedRunIsFollowedByOneWithExactStacks) {
    const Traced traced = moody({}, "Moody.Steady");
    EXPECT_EQ(stage(traced.result), "confirm");
    EXPECT_EQ(leak_of(traced.result, 1001).at("confirmation"), "confirmed");
    EXPECT_EQ(leak_of(traced.result, 1001).at("stack_origin"), "own");
}

TEST_F(ConfirmTest, ASteadyLeakIsConfirmed) {
    const Traced traced = moody({"--confirm"}, "Moody.Steady:Moody.Clean");
    EXPECT_EQ(stage(traced.result), "confirm");
    EXPECT_EQ(traced.outcome.status, 23);
    EXPECT_EQ(leak_of(traced.result, 1001).at("confirmation"), "confirmed");
    EXPECT_EQ(traced.result.at("verdict").at("confirmed").at("tests"), 1);
    EXPECT_EQ(traced.result.at("tests").size(), 2u) << "the first run's tests are all listed";
    EXPECT_EQ(leaked(traced.result), (Totals{1001, 1})) << "nothing is counted twice";
}

TEST_F(ConfirmTest, ALeakThatDoesNotShowAgainIsAFactByDefault) {
    const Traced traced = moody({"--confirm"}, "Moody.OnlyInTheFirst");
    const json leak = leak_of(traced.result, 1002);
    EXPECT_EQ(leak.at("confirmation"), "not reproduced");
    EXPECT_EQ(leak.at("gated"), true);
    EXPECT_EQ(traced.outcome.status, 23);
}

TEST_F(ConfirmTest, ThePolicyMayLetALeakPassThatDoesNotShowAgain) {
    const Traced warned = moody({"--confirm", "--not-reproduced", "warn"}, "Moody.OnlyInTheFirst");
    EXPECT_EQ(warned.outcome.status, 0) << warned.outcome.err;
    EXPECT_EQ(leak_of(warned.result, 1002).at("not_gated"), "not_reproduced");
    EXPECT_NE(warned.outcome.err.find("did not show when their tests were run again"),
              std::string::npos);
    const Traced ignored =
        moody({"--confirm", "--not-reproduced", "ignore"}, "Moody.OnlyInTheFirst:Moody.Steady");
    EXPECT_EQ(ignored.outcome.status, 23) << "Moody.Steady leaks all the same";
    EXPECT_EQ(ignored.outcome.err.find("did not show when their tests were run again"),
              std::string::npos);
}

TEST_F(ConfirmTest, TestsThatDidNotLeakAreNotRunAgain) {
    const Traced traced = moody({"--confirm"}, "Moody.Steady:Moody.OnlyLater");
    EXPECT_TRUE(leak_of(traced.result, 1003).is_null()) << "Moody.OnlyLater was no suspect";
}

TEST_F(ConfirmTest, ASampledRunNearTheBudgetIsDecidedByTheExactOne) {
    // 24,000 bytes leak. One in 20 traced: some 1,200 of them are seen, the bound is far above 30,000.
    const auto with = [&](const std::string& budget, const std::string& confirm) {
        return moody({"-s", "20", "--seed", "2", "--max-leaked-bytes", budget, confirm},
                     "Moody.Many");
    };
    const Traced undecided = with("25000", "--no-confirm");
    EXPECT_EQ(undecided.result.at("verdict").at("status"), "inconclusive");
    EXPECT_EQ(undecided.outcome.status, 125);

    const Traced passes = with("24000", "--confirm");
    EXPECT_EQ(passes.result.at("verdict").at("status"), "pass") << passes.outcome.err;
    EXPECT_EQ(stage(passes.result), "confirm");
    EXPECT_EQ(passes.outcome.status, 0);
    EXPECT_EQ(leaked(passes.result), (Totals{24000, 1000}));

    const Traced fails = with("23999", "--confirm");
    EXPECT_EQ(fails.result.at("verdict").at("status"), "fail");
    EXPECT_EQ(fails.outcome.status, 23);
}

TEST_F(ConfirmTest, SampledRunsOfGoogleTestAreConfirmedWithoutBeingAsked) {
    const Traced traced = moody({"-s", "20"}, "Moody.Many");
    EXPECT_EQ(stage(traced.result), "confirm");
    EXPECT_EQ(leaked(traced.result), (Totals{24000, 1000}));
    EXPECT_NE(traced.outcome.err.find("second run:"), std::string::npos) << traced.outcome.err;
}

TEST_F(ConfirmTest, ParameterisedTestsAreRunAgainByName) {
    const Traced traced = moody({"--confirm"}, "Named/*");
    ASSERT_EQ(traced.result.at("leaks").size(), 2u);
    for (const json& leak : traced.result.at("leaks"))
        EXPECT_EQ(leak.at("confirmation"), "confirmed") << leak.at("test");
    EXPECT_EQ(traced.result.at("verdict").at("confirmed").at("tests"), 2);
}

TEST_F(ConfirmTest, ASecondRunThatDiesLeavesTheFirstVerdict) {
    const Traced traced = moody({"--confirm"}, "Moody.CrashesLater");
    EXPECT_EQ(stage(traced.result), "first");
    EXPECT_EQ(traced.outcome.status, 23) << "the first run ended well";
    EXPECT_EQ(leak_of(traced.result, 1007).at("confirmation"), "unconfirmed");
    EXPECT_NE(traced.outcome.err.find("died by signal 6"), std::string::npos) << traced.outcome.err;
}

TEST_F(ConfirmTest, ASecondRunWithOtherOutcomesLeavesTheFirstVerdict) {
    const Traced traced = moody({"--confirm"}, "Moody.FailsLater");
    EXPECT_EQ(stage(traced.result), "first");
    EXPECT_EQ(leak_of(traced.result, 1008).at("confirmation"), "unconfirmed");
    EXPECT_EQ(traced.outcome.status, 23);
}

TEST_F(ConfirmTest, ASecondRunThatHangsIsEnded) {
    const Traced traced = moody({"--confirm", "--confirm-timeout", "1"}, "Moody.HangsLater");
    EXPECT_EQ(stage(traced.result), "first");
    EXPECT_NE(traced.outcome.err.find("was ended after 1 s"), std::string::npos)
        << traced.outcome.err;
}

TEST_F(ConfirmTest, TheSecondRunLeavesOutputAndFilesOfTheFirstAlone) {
    const std::string log = (directory() / "second.log").string();
    const Traced traced =
        moody({"--confirm", "--confirm-log", log}, "Moody.Steady:Moody.Clean",
              {"--gtest_output=xml:own.xml"}, {.environment = {{"MOODY_ECHO", "once, please"}}});
    EXPECT_EQ(stage(traced.result), "confirm");
    const std::string& out = traced.outcome.out;
    const std::size_t first = out.find("once, please");
    ASSERT_NE(first, std::string::npos);
    EXPECT_EQ(out.find("once, please", first + 1), std::string::npos) << out;
    EXPECT_NE(read_file(directory() / "own.xml").find("Clean"), std::string::npos)
        << "the second run, of Moody.Steady alone, has written over it";
    EXPECT_NE(read_file(log).find("once, please"), std::string::npos);
    EXPECT_EQ(read_file(log).find("Moody.Clean"), std::string::npos);
}

TEST_F(ConfirmTest, ShardedTestsAreFoundAgain) {
    for (const std::string index : {"0", "1"}) {
        const Traced traced =
            moody({"--confirm", "--fail-on", "all"}, "Moody.Steady:Moody.LazyInit", {},
                  {.environment = {{"GTEST_TOTAL_SHARDS", "2"}, {"GTEST_SHARD_INDEX", index}}});
        ASSERT_EQ(traced.result.at("leaks").size(), 1u);
        EXPECT_EQ(traced.result.at("leaks")[0].at("confirmation"), "confirmed") << index;
    }
}

TEST_F(ConfirmTest, WrapperScriptsPassTheFilterOn) {
    std::filesystem::create_directory(memory());
    const Traced traced =
        trace({"--confirm"}, {"/bin/sh", "-c", program("moody_suite") + "; exit 0"},
              {.environment = {{"GTEST_FILTER", "Moody.Steady:Moody.Clean"}}});
    EXPECT_EQ(stage(traced.result), "confirm") << traced.outcome.err;
    EXPECT_EQ(leak_of(traced.result, 1001).at("confirmation"), "confirmed");
}

TEST_F(ConfirmTest, RepetitionsTellGrowthFromLazyInitialisation) {
    const Traced traced = moody({"--repeat", "5", "--fail-on", "all"},
                                "Moody.LazyInit:Moody.Grows:Moody.Steady:Moody.Clean");
    EXPECT_EQ(traced.outcome.status, 23);
    const json lazy = leak_of(traced.result, 1004);
    EXPECT_EQ(lazy.at("growth"), "one-time");
    EXPECT_EQ(lazy.at("not_gated"), "one_time");
    const json first_time = leak_of(traced.result, 1006);
    EXPECT_EQ(first_time.at("growth"), "one-time");
    const json grows = leak_of(traced.result, 1005);
    EXPECT_EQ(grows.at("growth"), "growing");
    EXPECT_EQ(grows.at("per_repeat").at("bytes"), 1005.0);
    EXPECT_EQ(grows.at("per_repeat").at("blocks"), 1.0);
    EXPECT_EQ(grows.at("bytes").at("observed"), 1005) << "the amount is that of one repetition";
    EXPECT_EQ(leak_of(traced.result, 1001).at("growth"), "growing");
    EXPECT_EQ(traced.result.at("verdict").at("confirmed").at("repetitions"), 5);
}

TEST_F(ConfirmTest, OneTimeLeaksCountOnRequest) {
    const Traced lenient = moody({"--repeat", "3", "--fail-on", "all"}, "Moody.LazyInit");
    EXPECT_EQ(lenient.outcome.status, 0) << lenient.outcome.err;
    const Traced strict =
        moody({"--repeat", "3", "--fail-on", "all", "--gate-one-time"}, "Moody.LazyInit");
    EXPECT_EQ(strict.outcome.status, 23);
    EXPECT_EQ(leak_of(strict.result, 1004).at("growth"), "one-time");
}

TEST_F(ConfirmTest, TheCostOfTracingIsTold) {
    const Traced traced = moody({"-s", "1"}, "Moody.Many");
    const json& overhead = traced.result.at("overhead");
    EXPECT_GE(overhead.at("events").get<std::uint64_t>(), 1000u);
    EXPECT_GT(overhead.at("timed_events").get<std::uint64_t>(), 0u);
    EXPECT_GT(overhead.at("event_ns").get<double>(), overhead.at("trap_ns").get<double>());
    EXPECT_GT(overhead.at("trap_ns").get<double>(), 0.0);
    EXPECT_GT(overhead.at("cpu_seconds").get<double>(), 0.0);
    EXPECT_GT(overhead.at("percent").get<double>(), 0.0);
    EXPECT_EQ(overhead.at("limit_percent"), 0) << "everything is to be traced, whatever it costs";
    EXPECT_NE(traced.outcome.err.find("cost: tracing took about"), std::string::npos);
}

TEST_F(ConfirmTest, LessIsTracedWhereItCostsTooMuch) {
    const Traced traced =
        trace({"-s", "2", "--max-overhead", "1"}, {program("churn"), "3000000", "1"});
    const json& overhead = traced.result.at("overhead");
    EXPECT_EQ(overhead.at("limit_percent"), 1);
    ASSERT_FALSE(overhead.at("pressure").empty()) << overhead;
    std::uint32_t level = 0;
    for (const json& change : overhead.at("pressure")) {
        EXPECT_GT(change.at("level").get<std::uint32_t>(), level) << "the level never falls";
        level = change.at("level");
    }
    EXPECT_NE(traced.outcome.err.find("; cut to 1 in "), std::string::npos) << traced.outcome.err;
}

TEST_F(ConfirmTest, WhoAsksForEverythingGetsItWhateverItCosts) {
    const Traced traced = trace({}, {program("churn"), "500000", "1"});
    EXPECT_TRUE(traced.result.at("overhead").at("pressure").empty());
}

}  // namespace
}  // namespace leakcheck::runtime
