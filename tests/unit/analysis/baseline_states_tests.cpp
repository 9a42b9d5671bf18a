// SPDX-License-Identifier: Apache-2.0
#include "analysis/baseline_states.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/analysis/run_builder.hpp"

namespace leakcheck {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing_support::own_frame;
using testing_support::RunBuilder;

// A.x leaks 20 bytes in 2 blocks, A.y runs and leaks nothing. The command is "unit_tests".
class Baselines : public testing::Test {
  protected:
    Baselines() {
        run_.facts.started_at = "2026-06-15T10:00:00Z";
        run_.snapshot.command = {"build/unit_tests"};
        const OwnerId x = run_.add_test("A", "x");
        run_.add_test("A", "y");
        run_.add_live(x, run_.add_stack({own_frame("f()", "src/a.cpp", 3)}), 2, 10);
        fingerprint_ = run_.analyse().leaks.at(0).fingerprint;
    }

    BaselineEntry entry(const std::string& test, const std::string& fingerprint,
                        std::uint64_t bytes = 20, std::uint64_t blocks = 2) const {
        BaselineEntry made;
        made.test = test;
        made.fingerprint = fingerprint;
        made.bytes = bytes;
        made.blocks = blocks;
        return made;
    }

    Report with(std::vector<BaselineEntry> entries, bool ratchet = false) {
        run_.options.baseline = Baseline{"b.json", std::move(entries), ratchet};
        return run_.analyse();
    }

    RunBuilder run_;
    std::string fingerprint_;
};

TEST_F(Baselines, WhatIsKnownPasses) {
    const Report report = with({entry("A.x", fingerprint_)});
    EXPECT_EQ(report.verdict.status, VerdictStatus::pass);
    EXPECT_EQ(report.leaked_bytes.observed, 0u);
    EXPECT_EQ(report.leaks.at(0).not_gated, NotGated::in_baseline);
    EXPECT_EQ(report.leaks.at(0).baseline_state, BaselineState::known);
    ASSERT_TRUE(report.baseline);
    EXPECT_EQ(report.baseline->known.bytes, 20u);
    EXPECT_EQ(report.baseline->known.leaks, 1u);
    EXPECT_EQ(report.baseline->fresh, 0u);
    EXPECT_TRUE(report.baseline->fixed.empty());
}

TEST_F(Baselines, WhatIsNewOrHasGrownFails) {
    for (const auto& [bytes, blocks] : {std::pair(19, 2), std::pair(20, 1)}) {
        const Report grown = with({entry("A.x", fingerprint_, static_cast<std::uint64_t>(bytes),
                                         static_cast<std::uint64_t>(blocks))});
        EXPECT_EQ(grown.verdict.status, VerdictStatus::fail);
        EXPECT_EQ(grown.leaks.at(0).baseline_state, BaselineState::grown);
        EXPECT_EQ(grown.baseline->grown, 1u);
    }
    const Report fresh = with({});
    EXPECT_EQ(fresh.leaks.at(0).baseline_state, BaselineState::fresh);
    EXPECT_EQ(fresh.baseline->fresh, 1u);
    EXPECT_EQ(with({entry("A.y", fingerprint_)}).verdict.status, VerdictStatus::fail)
        << "known of another test";
}

TEST_F(Baselines, WithoutAmountsAnyAmountIsKnown) {
    BaselineEntry any = entry("A.x", fingerprint_);
    any.bytes.reset();
    any.blocks.reset();
    EXPECT_EQ(with({any}).verdict.status, VerdictStatus::pass);
}

TEST_F(Baselines, WhatIsGoneIsFixed) {
    const Report report = with({entry("A.x", fingerprint_), entry("A.y", "00000000000000aa")});
    ASSERT_EQ(report.baseline->fixed.size(), 1u);
    EXPECT_EQ(report.baseline->fixed[0].test, "A.y");
    EXPECT_EQ(report.verdict.status, VerdictStatus::pass);
    const Report ratchet =
        with({entry("A.x", fingerprint_), entry("A.y", "00000000000000aa")}, true);
    EXPECT_EQ(ratchet.verdict.status, VerdictStatus::fail);
    EXPECT_EQ(ratchet.exit_code, 23);
    ASSERT_EQ(ratchet.verdict.violations.size(), 1u);
    EXPECT_EQ(ratchet.verdict.violations[0].message,
              "1 leak of the baseline b.json is fixed and still in it (--ratchet): A.y "
              "(00000000000000aa); leakcheck baseline prune takes it out");
}

TEST_F(Baselines, OnlyARunThatWouldShowItTellsThatALeakIsFixed) {
    const std::vector<BaselineEntry> entries{entry("A.x", fingerprint_), entry("A.y", "00aa")};
    EXPECT_TRUE(with({entry("A.z", "00aa")}).baseline->fixed.empty()) << "A.z did not run";
    BaselineEntry elsewhere = entry("A.y", "00aa");
    elsewhere.program = "other_tests";
    EXPECT_TRUE(with({elsewhere}).baseline->fixed.empty());
    elsewhere.program = "unit_tests";
    EXPECT_EQ(with({elsewhere}).baseline->fixed.size(), 1u);
    run_.facts.child = {ProcessEnd::signaled, 11, false, ""};
    EXPECT_TRUE(with(entries, true).baseline->fixed.empty()) << "it died";
    run_.facts.child = {};
    run_.snapshot.losses = {{"live_map_full", "", 1, true}};
    EXPECT_TRUE(with(entries, true).baseline->fixed.empty()) << "something was lost";
    run_.snapshot.losses.clear();
    run_.snapshot.sampling.rate = 100;
    EXPECT_TRUE(with(entries, true).baseline->fixed.empty()) << "it was sampled";
    run_.snapshot.sampling.rate = 1;
    run_.snapshot.sampling.min_size = 16;
    EXPECT_TRUE(with(entries, true).baseline->fixed.empty()) << "small blocks were left out";
}

TEST_F(Baselines, WhatDoesNotCountIsNotFixedEither) {
    for (LiveGroup& group : run_.snapshot.live) group.kind = LeakKind::reachable;
    const Report report = with({entry("A.x", fingerprint_)}, true);
    EXPECT_TRUE(report.baseline->fixed.empty());
    EXPECT_EQ(report.leaks.at(0).baseline_state, BaselineState::none);
}

TEST_F(Baselines, AnEntryMayExpire) {
    BaselineEntry old = entry("A.x", fingerprint_);
    old.until = "2026-06-14";
    const Report report = with({old});
    EXPECT_EQ(report.verdict.status, VerdictStatus::fail);
    EXPECT_EQ(report.baseline->expired.size(), 1u);
    EXPECT_THAT(report.warnings, Contains(HasSubstr("was known until 2026-06-14 only")));
}

}  // namespace
}  // namespace leakcheck
