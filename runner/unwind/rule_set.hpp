// SPDX-License-Identifier: Apache-2.0
//
// The distinct unwind rules of a run, numbered in the order of their first use, so that rows of
// tables need only hold numbers (abi/unwind_tables.h). Rules are never removed or renumbered. Thread
// safety: none.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "abi/unwind_tables.h"

namespace leakcheck::unwind {

constexpr std::uint16_t kRuleNone = LEAKCHECK_UNWIND_RULE_NONE;
constexpr std::uint16_t kRuleUnsupported = 1;  // {LEAKCHECK_CFA_UNSUPPORTED}

// A rule by which the callee has changed neither rbp nor rbx, or where that means nothing.
constexpr leakcheck_unwind_rule plain_rule(leakcheck_cfa cfa, std::int32_t cfa_offset = 0) {
    leakcheck_unwind_rule rule{};
    rule.cfa = static_cast<std::uint8_t>(cfa);
    rule.cfa_offset = cfa_offset;
    return rule;
}

class RuleSet {
  public:
    RuleSet();

    // The number of a rule; kRuleUnsupported, and counted, once all numbers are taken.
    std::uint16_t number(const leakcheck_unwind_rule& rule);

    std::size_t size() const { return rules_.size(); }
    const leakcheck_unwind_rule& rule(std::uint16_t number) const { return rules_[number]; }
    // The rules from a number on, that is those added since the set had this size. Valid until the
    // next call of number().
    std::span<const leakcheck_unwind_rule> since(std::size_t first) const;
    // Requests that found no number left.
    std::uint64_t refused() const { return refused_; }

  private:
    struct Hash {
        std::size_t operator()(const leakcheck_unwind_rule& rule) const;
    };
    struct Equal {
        bool operator()(const leakcheck_unwind_rule& a, const leakcheck_unwind_rule& b) const;
    };

    std::uint16_t add(const leakcheck_unwind_rule& rule);

    std::vector<leakcheck_unwind_rule> rules_;
    std::array<std::uint16_t, 1024> recent_{};  // numbers by hash: most rows repeat a recent rule
    std::unordered_map<leakcheck_unwind_rule, std::uint16_t, Hash, Equal> numbers_;
    std::uint64_t refused_ = 0;
};

}  // namespace leakcheck::unwind
