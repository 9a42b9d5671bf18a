// SPDX-License-Identifier: Apache-2.0
//
// Budgets, suppressions and the baseline, in the words and formats of the reports.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "reporters/baseline_words.hpp"
#include "reporters/budget_words.hpp"
#include "reporters/reporters.hpp"
#include "reporters/wording.hpp"
#include "tests/unit/reporters/sample_reports.hpp"

namespace leakcheck {
namespace {

using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

std::string console(const Report& report, bool verbose = false) {
    ConsoleOptions options;
    options.verbose = verbose;
    std::ostringstream out;
    render_console(report, options, out);
    return out.str();
}

TEST(BudgetWords, TellHowFarARuleWasUsed) {
    BudgetResult result = within_budget_report().budgets.at(0);
    EXPECT_EQ(
        budget_use_words(result),
        "queue: 1 leak in 1 test; test Queue.Push: 96 bytes in 3 blocks, 1.0 kB allowed (nodes "
        "are cached)");
    result.scopes = 2;
    result.rule.max_blocks = 4;
    result.rule.reason.clear();
    EXPECT_EQ(
        budget_use_words(result),
        "queue: 1 leak in 2 tests; most in test Queue.Push: 96 bytes in 3 blocks, 1.0 kB in 4 "
        "blocks allowed");
    result.leaks = 0;
    EXPECT_EQ(budget_use_words(result), "queue: not used, 1.0 kB in 4 blocks allowed");
    EXPECT_EQ(budget_use_words(within_budget_report().budgets.at(1)), "old: ended on 2024-01-31");
}

TEST(KnownWords, OfSuppressions) {
    const Report report = known_report();
    EXPECT_EQ(suppression_words(report.suppressions[0]),
              "leak:make_node (lsan.supp:3): took 1 leak, 72 bytes in 1 block");
    EXPECT_EQ(suppression_words(report.suppressions[1]), "driver (ours.json): ended on 2024-01-31");
    EXPECT_EQ(suppression_words(report.suppressions[2]),
              "pools (ours.json): exceeded by 1 leak, 300 bytes in 3 blocks");
    SuppressionResult unused = report.suppressions[0];
    unused.used = false;
    EXPECT_EQ(suppression_words(unused), "leak:make_node (lsan.supp:3): not used, no leak matches");
    EXPECT_TRUE(is_worth_telling(unused, false));
    EXPECT_FALSE(is_worth_telling(report.suppressions[0], false));
    unused.facts.built_in = true;
    unused.matched = {};
    EXPECT_FALSE(is_worth_telling(unused, true));
}

TEST(KnownWords, OfTheBaseline) {
    const BaselineResult baseline = *known_report().baseline;
    EXPECT_EQ(baseline_words(baseline),
              "ci/known.json: 1 new, 1 known, 1 grown, 1 fixed (leakcheck baseline prune takes it "
              "out)");
    EXPECT_EQ(baseline_entry_words(baseline.fixed[0]),
              "Queue.Records: 48 bytes in 2 blocks at make_node(Item), src/queue.cpp "
              "(00000000000000aa)");
    EXPECT_EQ(baseline_entry_words(baseline.expired[0]),
              "Queue.Skips: any amount (00000000000000ab)");
}

TEST(Known, IsCountedInTheSummaryOfEveryReport) {
    EXPECT_THAT(run_summary(known_report()),
                HasSubstr("; suppressed: 1 leak, 72 bytes in 1 block; known from the baseline: 1 "
                          "leak, 640 bytes in 5 blocks"));
    EXPECT_THAT(run_summary(clean_report()), Not(HasSubstr("suppressed")));
}

TEST(Known, IsNotListedOnTheConsoleUnlessAskedFor) {
    const std::string usual = console(known_report());
    EXPECT_THAT(usual, Not(HasSubstr("640 bytes in 5 blocks leaked")));
    EXPECT_THAT(usual, HasSubstr("not counted and not listed: 640 bytes in 5 blocks, known from "
                                 "the baseline (--verbose lists them)"));
    EXPECT_THAT(usual, HasSubstr("72 bytes in 1 block, suppressed (--verbose"));
    EXPECT_THAT(usual, HasSubstr("fixed: Queue.Records"));
    EXPECT_THAT(console(known_report(), true), HasSubstr("640 bytes in 5 blocks leaked"));
}

Json sarif_results(const Report& report) {
    std::ostringstream out;
    render_sarif(report, sample_source, out);
    return Json::parse(out.str()).at("runs").at(0).at("results");
}

std::map<std::string, int> baseline_states(const Json& results) {
    std::map<std::string, int> states;
    for (const Json& result : results)
        if (result.contains("baselineState")) ++states[result.at("baselineState")];
    return states;
}

TEST(Known, SarifTellsTheStateOfEachResult) {
    Report report = known_report();
    const Json results = sarif_results(report);
    EXPECT_EQ(baseline_states(results), (std::map<std::string, int>{{"updated", 2}}))
        << "a new leak beside a known one, and one that has grown";
    EXPECT_EQ(std::count_if(results.begin(), results.end(),
                            [](const Json& result) { return result.contains("suppressions"); }),
              1);
    report.leaks.erase(report.leaks.begin() + 1);
    EXPECT_EQ(baseline_states(sarif_results(report)),
              (std::map<std::string, int>{{"new", 1}, {"updated", 1}}));
}

TEST(Known, ARunThatPassesBecauseOfItSaysSoOnGithub) {
    Report report = known_report();
    for (Leak& leak : report.leaks) leak.over_budget = false;
    report.verdict = {};
    std::ostringstream out;
    render_github(report, shown_by_default, out);
    EXPECT_THAT(out.str(), HasSubstr("::notice title=leakcheck%3A PASS::"));
    EXPECT_THAT(out.str(), HasSubstr("suppressed: 1 leak"));
}

}  // namespace
}  // namespace leakcheck
