// SPDX-License-Identifier: Apache-2.0
#include "reporters/leak_groups.hpp"

#include <gtest/gtest.h>

#include "tests/unit/reporters/sample_reports.hpp"

namespace leakcheck {
namespace {

TEST(LeakGroups, GatherByRuleFileAndLine) {
    const Report report = leaking_report();
    const auto groups = group_leaks(report, TestIndex(report));
    ASSERT_EQ(groups.size(), 6u);
    EXPECT_EQ(groups[0].place.line, 42u);
    EXPECT_EQ(groups[0].leaks.size(), 2u);
    EXPECT_EQ(groups[0].sum.bytes.observed, 2688u);
    EXPECT_EQ(groups[0].sum.blocks.upper, 21.0);
}

TEST(LeakGroups, WorstFirst) {
    const Report report = leaking_report();
    const auto groups = group_leaks(report, TestIndex(report));
    EXPECT_TRUE(groups[2].over_budget);
    EXPECT_FALSE(groups[3].over_budget);
    EXPECT_EQ(groups[3].sum.bytes.observed, 4096u) << "larger, but it fails nothing";
    EXPECT_EQ(groups[3].rule, LeakRule::in_set_up);
    EXPECT_EQ(groups[4].rule, LeakRule::outside_tests);
    EXPECT_EQ(groups[5].rule, LeakRule::in_test);
}

TEST(LeakGroups, TheSameLineUnderAnotherRuleIsAnotherGroup) {
    Report report = leaking_report();
    report.leaks[1].owner_kind = OwnerKind::suite_tear_down;
    EXPECT_EQ(group_leaks(report, TestIndex(report)).size(), 7u);
}

}  // namespace
}  // namespace leakcheck
