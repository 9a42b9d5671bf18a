// SPDX-License-Identifier: Apache-2.0
#include "runner/unwind/sigreturn.hpp"

#include <gtest/gtest.h>

#include <string>

namespace leakcheck::unwind {
namespace {

using namespace std::string_literals;

const std::string kTrampoline = "\x48\xc7\xc0\x0f\x00\x00\x00\x0f\x05"s;
const std::string kPadding(16, '\x90');
constexpr CodeRange kCode{0x1000, 0x2000};
constexpr std::uint16_t kCovered = 5;

class SigreturnTest : public testing::Test {
  protected:
    std::vector<CodeRow> find(const std::vector<LoadedBytes>& pieces,
                              const std::vector<CodeRow>& rows = {{0, kRuleNone}}) {
        return find_sigreturn(pieces, kCode, rows, rules_);
    }

    RuleSet rules_;
    const std::uint16_t signal_ = rules_.number(plain_rule(LEAKCHECK_CFA_SIGNAL, 160));
};

TEST_F(SigreturnTest, BeginsOneByteEarly) {
    const std::string code = kPadding + kTrampoline + kPadding;
    EXPECT_EQ(find({{0x1100, code}}),
              (std::vector<CodeRow>{{0, kRuleNone}, {0x10f, signal_}, {0x119, kRuleNone}}));
}

TEST_F(SigreturnTest, ButNotBeforeTheCode) {
    const std::string code = kTrampoline + kPadding;
    EXPECT_EQ(find({{0x1100, code}}),
              (std::vector<CodeRow>{{0, kRuleNone}, {0x100, signal_}, {0x109, kRuleNone}}));
}

TEST_F(SigreturnTest, NorInTheTrampolineBefore) {
    const std::string code = kPadding + kTrampoline + kTrampoline + kPadding;
    EXPECT_EQ(find({{0x1100, code}}),
              (std::vector<CodeRow>{{0, kRuleNone}, {0x10f, signal_}, {0x122, kRuleNone}}));
}

TEST_F(SigreturnTest, IsFoundInEachPieceOnce) {
    const std::string code = kPadding + kTrampoline;
    EXPECT_EQ(find({{0x1000, code}, {0x1100, code}}), (std::vector<CodeRow>{{0, kRuleNone},
                                                                            {0x00f, signal_},
                                                                            {0x019, kRuleNone},
                                                                            {0x10f, signal_},
                                                                            {0x119, kRuleNone}}));
}

TEST_F(SigreturnTest, IsNotLookedForWhereInformationIs) {
    const std::string code = kPadding + kTrampoline + kPadding;
    const std::vector<CodeRow> nothing{{0, kRuleNone}};
    EXPECT_EQ(find({{0x1100, code}}, {{0, kRuleNone}, {0x100, kCovered}, {0x200, kRuleNone}}),
              nothing);
    EXPECT_EQ(find({{0x1100, code}}, {{0, kRuleNone}, {0x118, kCovered}, {0x200, kRuleNone}}),
              nothing);
    EXPECT_EQ(find({}), nothing);
}

}  // namespace
}  // namespace leakcheck::unwind
