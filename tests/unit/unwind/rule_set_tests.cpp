// SPDX-License-Identifier: Apache-2.0
#include "runner/unwind/rule_set.hpp"

#include <gtest/gtest.h>

#include "tests/unit/unwind/fixtures.hpp"

namespace leakcheck::unwind {
namespace {

TEST(RuleSet, BeginsWithTheRulesThatHaveFixedNumbers) {
    RuleSet rules;
    EXPECT_EQ(rules.size(), 2u);
    EXPECT_EQ(rules.number(plain_rule(LEAKCHECK_CFA_NONE)), kRuleNone);
    EXPECT_EQ(rules.number(plain_rule(LEAKCHECK_CFA_UNSUPPORTED)), kRuleUnsupported);
    EXPECT_EQ(rules.size(), 2u);
}

TEST(RuleSet, NumbersEqualRulesEqually) {
    RuleSet rules;
    EXPECT_EQ(rules.number(plain_rule(LEAKCHECK_CFA_RSP, 8)), 2);
    EXPECT_EQ(rules.number(plain_rule(LEAKCHECK_CFA_RSP, 16)), 3);
    EXPECT_EQ(rules.number(plain_rule(LEAKCHECK_CFA_RBP, 16)), 4);
    EXPECT_EQ(rules.number(plain_rule(LEAKCHECK_CFA_RSP, 8)), 2);
    EXPECT_EQ(rules.rule(3), plain_rule(LEAKCHECK_CFA_RSP, 16));
}

TEST(RuleSet, TellsEveryFieldApart) {
    RuleSet rules;
    leakcheck_unwind_rule rule{};
    for (std::size_t i = 0; i < sizeof(rule); ++i) {
        rule = {};
        reinterpret_cast<unsigned char*>(&rule)[i] = 0x55;
        EXPECT_EQ(rules.number(rule), 2 + i);
    }
}

TEST(RuleSet, HandsOutWhatWasAdded) {
    RuleSet rules;
    rules.number(plain_rule(LEAKCHECK_CFA_RSP, 8));
    const std::size_t known = rules.size();
    EXPECT_TRUE(rules.since(known).empty());
    rules.number(plain_rule(LEAKCHECK_CFA_RSP, 24));
    rules.number(plain_rule(LEAKCHECK_CFA_RSP, 8));
    ASSERT_EQ(rules.since(known).size(), 1u);
    EXPECT_EQ(rules.since(known)[0], plain_rule(LEAKCHECK_CFA_RSP, 24));
    EXPECT_EQ(rules.since(0).size(), 4u);
    EXPECT_TRUE(rules.since(1000).empty());
}

TEST(RuleSet, CountsWhatFindsNoNumber) {
    RuleSet rules;
    for (int offset = 0; offset < LEAKCHECK_UNWIND_RULES - 2; ++offset) {
        ASSERT_EQ(rules.number(plain_rule(LEAKCHECK_CFA_RSP, offset)), offset + 2);
    }
    EXPECT_EQ(rules.refused(), 0u);
    EXPECT_EQ(rules.number(plain_rule(LEAKCHECK_CFA_RBP, 1)), kRuleUnsupported);
    EXPECT_EQ(rules.number(plain_rule(LEAKCHECK_CFA_RBP, 2)), kRuleUnsupported);
    EXPECT_EQ(rules.refused(), 2u);
    EXPECT_EQ(rules.size(), std::size_t{LEAKCHECK_UNWIND_RULES});
    EXPECT_EQ(rules.number(plain_rule(LEAKCHECK_CFA_RSP, 77)), 79);
}

}  // namespace
}  // namespace leakcheck::unwind
