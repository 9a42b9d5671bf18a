// SPDX-License-Identifier: Apache-2.0
#include "analysis/suppressions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/confirm.hpp"
#include "analysis/exemptions.hpp"
#include "tests/unit/analysis/run_builder.hpp"

namespace leakcheck {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing_support::own_frame;
using testing_support::RunBuilder;

Suppression rule(const std::string& name, const std::string& frame) {
    Suppression made;
    made.facts.name = name;
    made.facts.source = "s.supp:1";
    made.any_frame.emplace_back(frame);
    return made;
}

// A.x leaks 2 blocks of 10 bytes in pool(), A.y 1 of 30 in pool() and 1 of 5 in other().
class Suppressing : public testing::Test {
  protected:
    Suppressing() {
        run_.facts.started_at = "2026-06-15T10:00:00Z";
        const OwnerId x = run_.add_test("A", "x");
        const OwnerId y = run_.add_test("A", "y");
        run_.add_live(x, stack("pool()"), 2, 10);
        run_.add_live(y, stack("pool()"), 1, 30);
        run_.add_live(y, stack("other()"), 1, 5);
    }

    StackId stack(const std::string& function) {
        return run_.add_stack({own_frame(function, "src/a.cpp", 3)});
    }

    Report with(std::vector<Suppression> rules) {
        run_.options.suppressions = std::move(rules);
        return run_.analyse();
    }

    RunBuilder run_;
};

TEST_F(Suppressing, WhatIsTakenDoesNotCountAndIsCounted) {
    const Report report = with({rule("pools", "pool")});
    EXPECT_EQ(report.leaked_bytes.observed, 5u);
    EXPECT_EQ(report.suppressed.leaks, 2u);
    EXPECT_EQ(report.suppressed.bytes, 50u);
    EXPECT_EQ(report.suppressed.blocks, 3u);
    ASSERT_EQ(report.suppressions.size(), 1u);
    EXPECT_TRUE(report.suppressions[0].used);
    EXPECT_EQ(report.suppressions[0].matched.bytes, 50u);
    EXPECT_EQ(report.leaks.at(0).not_gated, NotGated::none) << "what counts comes first";
    EXPECT_EQ(report.leaks.at(1).not_gated, NotGated::suppressed);
    EXPECT_EQ(report.leaks.at(1).suppression, "pools");
    EXPECT_EQ(report.tests.at(0).status, TestStatus::clean);
    EXPECT_EQ(report.verdict.status, VerdictStatus::fail);
    EXPECT_EQ(with({rule("pools", "pool"), rule("o", "other")}).verdict.status,
              VerdictStatus::pass);
}

TEST_F(Suppressing, TheFirstRuleThatMatchesTakes) {
    const Report report = with({rule("first", "pool"), rule("second", "a.cpp")});
    EXPECT_EQ(report.suppressions[0].matched.leaks, 2u);
    EXPECT_EQ(report.suppressions[1].matched.leaks, 1u);
}

TEST_F(Suppressing, ARuleMayBeForSomeTestsAndKinds) {
    Suppression narrow = rule("n", "pool");
    narrow.tests = "A.y";
    EXPECT_EQ(with({narrow}).suppressed.bytes, 30u);
    narrow.tests.clear();
    narrow.kinds = LeakKinds{LeakKind::reachable};
    const Report report = with({narrow});
    EXPECT_EQ(report.suppressed.bytes, 0u);
    EXPECT_FALSE(report.suppressions[0].used);
}

TEST_F(Suppressing, MoreThanALimitIsNotTakenAtAll) {
    Suppression limited = rule("l", "pool");
    limited.facts.max_bytes = 50;
    EXPECT_EQ(with({limited}).suppressed.bytes, 50u);
    limited.facts.max_bytes = 49;
    const Report report = with({limited});
    EXPECT_EQ(report.suppressed.bytes, 0u);
    EXPECT_EQ(report.leaked_bytes.observed, 55u);
    EXPECT_TRUE(report.suppressions[0].exceeded);
    EXPECT_THAT(
        report.warnings,
        Contains(HasSubstr("\"l\" (s.supp:1) matches 50 bytes in 3 blocks where 49 bytes")));
    limited.facts.max_bytes.reset();
    limited.facts.max_blocks = 2;
    EXPECT_EQ(with({limited}).suppressed.bytes, 0u);
}

TEST_F(Suppressing, AnExpiredRuleTakesNothing) {
    Suppression old = rule("old", "pool");
    old.facts.until = "2026-06-14";
    const Report report = with({old});
    EXPECT_EQ(report.suppressed.bytes, 0u);
    EXPECT_TRUE(report.suppressions[0].expired);
    EXPECT_THAT(report.warnings, Contains(HasSubstr("ended on 2026-06-14")));
    old.facts.until = "2026-06-15";
    EXPECT_EQ(with({old}).suppressed.bytes, 50u);
}

TEST_F(Suppressing, WhatWouldNotCountAnywayIsNotSuppressedButMakesARuleUsed) {
    for (LiveGroup& group : run_.snapshot.live) group.kind = LeakKind::reachable;
    const Report report = with({rule("pools", "pool")});
    EXPECT_EQ(report.suppressed.leaks, 0u);
    EXPECT_TRUE(report.suppressions[0].used);
}

// The exact run of A.x alone would be within the limit that both tests together exceed.
TEST_F(Suppressing, LimitsHoldForTheWholeRunInBothStages) {
    Suppression limited = rule("l", "pool");
    limited.facts.max_bytes = 40;
    run_.options.suppressions = {limited};
    Findings found = run_.examine();
    apply_exemptions(found, run_.options);
    EXPECT_EQ(find_suspects(found, run_.options), (std::vector<std::string>{"A.x", "A.y"}));

    RunBuilder exact;
    exact.add_live(exact.add_test("A", "x"), exact.add_stack({own_frame("pool()", "src/a.cpp", 3)}),
                   2, 10);
    exact.options = run_.options;
    Confirmer confirmer(found, {});
    confirmer.take(exact.examine(), {"A.x"});
    confirmer.finish(1.0);
    const Report report = run_.conclude(std::move(found));
    EXPECT_EQ(report.suppressed.bytes, 0u);
    EXPECT_EQ(report.leaked_bytes.observed, 55u);
}

TEST_F(Suppressing, ATestWithNothingButSuppressedLeaksIsNoSuspect) {
    run_.options.suppressions = {rule("pools", "pool")};
    Findings found = run_.examine();
    apply_exemptions(found, run_.options);
    EXPECT_EQ(find_suspects(found, run_.options), (std::vector<std::string>{"A.y"}));
}

}  // namespace
}  // namespace leakcheck
