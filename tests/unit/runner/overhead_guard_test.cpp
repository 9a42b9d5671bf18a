// SPDX-License-Identifier: Apache-2.0
#include "runner/run/overhead_guard.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace leakcheck {
namespace {

constexpr std::uint64_t ms = 1'000'000;

// A command in which tracing takes `share` of the CPU time, tick after tick.
class ScriptedRun {
  public:
    explicit ScriptedRun(OverheadGuard& guard) : guard_(guard) {}

    std::optional<std::uint32_t> tick(double share, std::uint64_t cpu_ns = 200 * ms) {
        now_.cpu_ns += cpu_ns;
        now_.event_ns = event_ns;
        now_.events += static_cast<std::uint64_t>(share * static_cast<double>(cpu_ns) / event_ns);
        return guard_.check(now_);
    }

    static constexpr double event_ns = 1000.0;

  private:
    OverheadGuard& guard_;
    OverheadSample now_;
};

TEST(OverheadGuard, LeavesACheapRunAlone) {
    OverheadGuard guard(50);
    ScriptedRun run(guard);
    for (int i = 0; i < 1000; ++i) EXPECT_FALSE(run.tick(0.49));
    EXPECT_EQ(guard.level(), 0u);
}

TEST(OverheadGuard, NoLimitMeansNoLimit) {
    for (const std::uint32_t limit : {0u, 100u, 200u}) {
        OverheadGuard guard(limit);
        ScriptedRun run(guard);
        for (int i = 0; i < 20; ++i) EXPECT_FALSE(run.tick(0.99)) << limit;
    }
}

TEST(OverheadGuard, OneStepHalvesTheEvents) {
    // Of 100 ms 60 are tracing. Half of that leaves 30 of 70.
    OverheadGuard guard(50);
    ScriptedRun run(guard);
    EXPECT_EQ(run.tick(0.6), 1u);
}

TEST(OverheadGuard, TakesAsManyStepsAsItNeeds) {
    struct Case {
        std::uint32_t limit;
        double share;
        std::uint32_t level;
    };
    for (const Case& one : {Case{50, 0.79, 2}, Case{50, 0.81, 3}, Case{50, 0.9, 4},
                            Case{10, 0.5, 4}, Case{1, 0.02, 2}, Case{99, 0.995, 2}}) {
        OverheadGuard guard(one.limit);
        ScriptedRun run(guard);
        EXPECT_EQ(run.tick(one.share), one.level) << one.limit << " % of " << one.share;
    }
}

TEST(OverheadGuard, TheLevelItTakesBringsTheShareUnderTheLimit) {
    for (const std::uint32_t limit : {1u, 10u, 30u, 50u, 90u}) {
        for (int percent = static_cast<int>(limit) + 1; percent < 100; ++percent) {
            OverheadGuard guard(limit);
            ScriptedRun run(guard);
            const double share = percent / 100.0;
            const auto level = run.tick(share);
            ASSERT_TRUE(level) << limit << " " << percent;
            if (*level == LEAKCHECK_PRESSURE_COARSEST) continue;
            const double traced = share / std::exp2(*level);
            EXPECT_LE(100.0 * traced / (traced + 1.0 - share), limit + 0.01);
            const double before = 2.0 * traced;
            EXPECT_GT(100.0 * before / (before + 1.0 - share), limit - 0.01) << "a step too many";
        }
    }
}

TEST(OverheadGuard, TheWindowAfterAChangeIsNotJudged) {
    OverheadGuard guard(50);
    ScriptedRun run(guard);
    EXPECT_EQ(run.tick(0.6), 1u);
    EXPECT_FALSE(run.tick(0.6)) << "blocks that were traced before are still being freed";
    EXPECT_EQ(run.tick(0.6), 2u);
}

TEST(OverheadGuard, TheLevelNeverFalls) {
    OverheadGuard guard(50);
    ScriptedRun run(guard);
    run.tick(0.9);
    const std::uint32_t level = guard.level();
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(run.tick(0.0));
    EXPECT_EQ(guard.level(), level);
}

TEST(OverheadGuard, StopsOnlyWhenTheCoarsestRateIsTooExpensive) {
    OverheadGuard guard(50);
    ScriptedRun run(guard);
    std::vector<std::uint32_t> levels;
    for (int i = 0; i < 100; ++i)
        if (const auto level = run.tick(0.95)) levels.push_back(*level);
    ASSERT_GE(levels.size(), 2u);
    EXPECT_TRUE(std::is_sorted(levels.begin(), levels.end()));
    EXPECT_EQ(levels[levels.size() - 2], static_cast<std::uint32_t>(LEAKCHECK_PRESSURE_COARSEST));
    EXPECT_EQ(levels.back(), static_cast<std::uint32_t>(LEAKCHECK_PRESSURE_STOP));
    EXPECT_EQ(std::count(levels.begin(), levels.end(),
                         static_cast<std::uint32_t>(LEAKCHECK_PRESSURE_STOP)),
              1);
}

TEST(OverheadGuard, ShortWindowsAreGathered) {
    OverheadGuard guard(50);
    ScriptedRun run(guard);
    for (int i = 0; i < 9; ++i) EXPECT_FALSE(run.tick(0.9, 10 * ms)) << i;
    EXPECT_TRUE(run.tick(0.9, 10 * ms)) << "ten ticks of the clock are enough";
}

TEST(OverheadGuard, ABurstCountsThoughTheRunWasCheapSoFar) {
    OverheadGuard guard(50);
    ScriptedRun run(guard);
    for (int i = 0; i < 1000; ++i) ASSERT_FALSE(run.tick(0.01));
    EXPECT_TRUE(run.tick(0.9));
}

TEST(OverheadGuard, NothingIsJudgedBeforeTheCostIsKnown) {
    OverheadGuard guard(50);
    EXPECT_FALSE(guard.check({1'000'000, 1000 * ms, 0.0}));
    EXPECT_TRUE(guard.check({1'000'000, 1000 * ms, 900.0})) << "then the whole time counts";
}

TEST(OverheadGuard, ACostAboveAllTheTimeThereWasIsTheMostThereCanBe) {
    OverheadGuard guard(50);
    const auto level = guard.check({1'000'000, 200 * ms, 5000.0});
    ASSERT_TRUE(level);
    EXPECT_EQ(*level, static_cast<std::uint32_t>(LEAKCHECK_PRESSURE_COARSEST));
}

TEST(OverheadGuard, HugeNumbersDoNotOverflow) {
    OverheadGuard guard(50);
    const auto level = guard.check({std::numeric_limits<std::uint64_t>::max() / 2,
                                    std::numeric_limits<std::uint64_t>::max() / 2, 1e9});
    EXPECT_EQ(level, static_cast<std::uint32_t>(LEAKCHECK_PRESSURE_COARSEST));
}

}  // namespace
}  // namespace leakcheck
