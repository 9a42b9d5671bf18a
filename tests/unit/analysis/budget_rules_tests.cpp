// SPDX-License-Identifier: Apache-2.0
#include "analysis/budget_rules.hpp"

#include <gtest/gtest.h>

#include "tests/unit/analysis/run_builder.hpp"

namespace leakcheck {
namespace {

using testing_support::own_frame;
using testing_support::RunBuilder;

constexpr const char* today = "2026-06-15T10:00:00Z";

Leak leak_of(const std::string& owner, const std::string& function, const std::string& file,
             LeakKind kind = LeakKind::definite) {
    Leak leak;
    leak.owner = owner;
    leak.owner_kind = OwnerKind::test;
    leak.site = {function, file, 7};
    leak.kind = kind;
    return leak;
}

BudgetRule rule(const std::string& name, const std::string& tests, const std::string& sites = "",
                std::optional<LeakKinds> kinds = {}) {
    BudgetRule made;
    made.name = name;
    made.tests = tests;
    made.sites = sites;
    made.kinds = kinds;
    made.max_bytes = 100;
    return made;
}

// The name of the rule that the leak falls under; empty if none.
std::string chosen(const std::vector<BudgetRule>& rules, const Leak& leak) {
    const BudgetRules book(rules, today);
    const auto found = book.find(leak);
    return found ? rules[*found].name : "";
}

TEST(BudgetRules, AllThatIsGivenHasToMatch) {
    const Leak leak = leak_of("Db.Open", "db::open(int)", "src/db/open.cpp");
    EXPECT_EQ(chosen({rule("r", "Db.*")}, leak), "r");
    EXPECT_EQ(chosen({rule("r", "Net.*")}, leak), "");
    EXPECT_EQ(chosen({rule("r", "", "src/db/**")}, leak), "r");
    EXPECT_EQ(chosen({rule("r", "", "src/db")}, leak), "r");
    EXPECT_EQ(chosen({rule("r", "", "db::open")}, leak), "r") << "without its parameters";
    EXPECT_EQ(chosen({rule("r", "", "db::*(int)")}, leak), "r") << "and with them";
    EXPECT_EQ(chosen({rule("r", "Db.*", "src/net/**")}, leak), "");
    EXPECT_EQ(chosen({rule("r", "", "", LeakKinds{LeakKind::indirect})}, leak), "");
    EXPECT_EQ(chosen({rule("r", "", "", LeakKinds{LeakKind::definite})}, leak), "r");
    EXPECT_EQ(chosen({rule("r", "")}, leak), "r");
    EXPECT_EQ(chosen({rule("r", "", "**")}, leak_of("Db.Open", "", "")), "");
}

TEST(BudgetRules, TheMostSpecificOneCounts) {
    const Leak leak = leak_of("Db.Open", "db::open(int)", "src/db/open.cpp");
    const BudgetRule all = rule("all", "");
    const BudgetRule suite = rule("suite", "Db.*");
    const BudgetRule test = rule("test", "Db.Open");
    const BudgetRule both = rule("both", "Db.*", "src/**");
    EXPECT_EQ(chosen({all, suite}, leak), "suite");
    EXPECT_EQ(chosen({all, suite, test}, leak), "test") << "more literal characters";
    EXPECT_EQ(chosen({test, both}, leak), "both") << "it gives more";
    EXPECT_EQ(chosen({rule("first", "Db.*"), rule("second", "Db.*")}, leak), "first");
}

TEST(BudgetRules, AnExpiredRuleIsAbsent) {
    const Leak leak = leak_of("Db.Open", "", "src/db/open.cpp");
    BudgetRule narrow = rule("narrow", "Db.Open");
    narrow.until = "2026-06-15";
    const BudgetRule wide = rule("wide", "Db.*");
    EXPECT_EQ(chosen({wide, narrow}, leak), "narrow") << "its last day";
    narrow.until = "2026-06-14";
    EXPECT_EQ(chosen({wide, narrow}, leak), "wide");
    EXPECT_TRUE(BudgetRules({narrow}, today).is_expired(0));
}

// Two tests that leak at two lines: Db.Open 40 bytes at line 1 and 50 at line 2, Db.Shut 60 at line 1.
class Budgets : public testing::Test {
  protected:
    Budgets() {
        run_.facts.started_at = today;
        const OwnerId open = run_.add_test("Db", "Open");
        const OwnerId shut = run_.add_test("Db", "Shut");
        run_.add_live(open, stack(1), 1, 40);
        run_.add_live(open, stack(2), 1, 50);
        run_.add_live(shut, stack(1), 1, 60);
    }

    StackId stack(std::uint32_t line) {
        return run_.add_stack({own_frame("f" + std::to_string(line), "src/db.cpp", line)});
    }

    Report with(BudgetPer per, std::uint64_t max_bytes) {
        BudgetRule budget = rule("db", "Db.*");
        budget.per = per;
        budget.max_bytes = max_bytes;
        run_.options.budget_rules = {budget};
        return run_.analyse();
    }

    RunBuilder run_;
};

TEST_F(Budgets, PerRunTestAndSiteAreSummedUpEach) {
    EXPECT_EQ(with(BudgetPer::run, 150).verdict.status, VerdictStatus::pass);
    EXPECT_EQ(with(BudgetPer::run, 149).verdict.status, VerdictStatus::fail);
    EXPECT_EQ(with(BudgetPer::test, 90).verdict.status, VerdictStatus::pass);
    EXPECT_EQ(with(BudgetPer::test, 89).verdict.status, VerdictStatus::fail);
    EXPECT_EQ(with(BudgetPer::site, 100).verdict.status, VerdictStatus::pass);
    EXPECT_EQ(with(BudgetPer::site, 99).verdict.status, VerdictStatus::fail);
}

TEST_F(Budgets, AViolationNamesTheRule) {
    const Report report = with(BudgetPer::test, 89);
    ASSERT_EQ(report.verdict.violations.size(), 1u);
    const Violation& violation = report.verdict.violations[0];
    EXPECT_EQ(violation.scope, "test Db.Open");
    EXPECT_EQ(violation.rule, "db");
    EXPECT_EQ(violation.message,
              "the test Db.Open leaked 90 bytes where 89 bytes are allowed (budget \"db\"); the "
              "worst leak: Db.Open at src/db.cpp:2");
    EXPECT_EQ(with(BudgetPer::site, 99).verdict.violations.at(0).scope, "site src/db.cpp:1");
}

TEST_F(Budgets, OnlyWhatIsOverItFails) {
    const Report report = with(BudgetPer::test, 89);
    EXPECT_EQ(report.tests.at(0).status, TestStatus::leaked);
    EXPECT_EQ(report.tests.at(1).status, TestStatus::within_budget);
    for (const Leak& leak : report.leaks) {
        EXPECT_EQ(leak.budget, "db");
        EXPECT_EQ(leak.over_budget, leak.owner == "Db.Open");
    }
}

TEST_F(Budgets, ARuleTellsHowFarItWasUsed) {
    const Report report = with(BudgetPer::test, 100);
    ASSERT_EQ(report.budgets.size(), 1u);
    const BudgetResult& result = report.budgets[0];
    EXPECT_FALSE(result.exceeded);
    EXPECT_EQ(result.leaks, 3u);
    EXPECT_EQ(result.scopes, 2u);
    EXPECT_EQ(result.fullest, "test Db.Open");
    EXPECT_EQ(result.bytes.observed, 90u);
}

TEST_F(Budgets, WhatNoRuleMatchesAnswersToTheRun) {
    run_.add_live(run_.add_test("Net", "Send"), stack(9), 1, 7);
    const Report report = with(BudgetPer::run, 1000);
    ASSERT_EQ(report.verdict.violations.size(), 2u) << "bytes and blocks";
    EXPECT_EQ(report.verdict.violations[0].scope, "run");
    EXPECT_EQ(report.verdict.violations[0].actual, 7.0);
    EXPECT_EQ(report.verdict.violations[0].rule, "");
}

TEST_F(Budgets, ATestsOwnBudgetComesFirst) {
    const OwnerId own = run_.add_test("Db", "Own");
    run_.add_note(NoteKind::budget, own, 10, 1, "");
    run_.add_live(own, stack(3), 1, 11);
    const Report report = with(BudgetPer::run, 150);
    ASSERT_EQ(report.verdict.violations.size(), 1u);
    EXPECT_EQ(report.verdict.violations[0].scope, "test Db.Own");
    EXPECT_EQ(report.budgets[0].bytes.observed, 150u);
}

TEST_F(Budgets, AnExpiredOneIsWarnedOfAndAllowsNothing) {
    BudgetRule old = rule("old", "Db.*");
    old.until = "2026-01-31";
    old.max_bytes = 1000;
    run_.options.budget_rules = {old};
    const Report report = run_.analyse();
    EXPECT_EQ(report.verdict.status, VerdictStatus::fail);
    EXPECT_TRUE(report.budgets.at(0).expired);
    EXPECT_EQ(report.budgets.at(0).leaks, 0u);
    const auto& warnings = report.warnings;
    EXPECT_NE(std::find(warnings.begin(), warnings.end(),
                        "budget \"old\" ended on 2026-01-31 and allows nothing any more; prolong "
                        "it or take it out"),
              warnings.end());
}

}  // namespace
}  // namespace leakcheck
