// SPDX-License-Identifier: Apache-2.0
//
// Budgets for some of the leaks: the rules of the configuration file, and which of them a leak falls under.
//
//   a leak falls under    the most specific of the rules that match it; where none does, under the budget of
//                         the run. A test with a budget of its own (the in-test API) answers to that alone
//   a rule matches        where all of `tests`, `sites` and `kinds` that it gives match
//   more specific is      the rule that gives more of the three; then the one with more literal characters in
//                         its globs; then the one that comes first
//   an expired rule       matches nothing: its leaks fall under other rules, or the run's budget
//
// Ownership: plain values. Thread safety: const after construction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/file_globs.hpp"
#include "analysis/report.hpp"

namespace leakcheck {

// Whether `until`, a day as "2027-01-31", is over on the day `today` of the same form; never where empty.
bool is_past(std::string_view until, std::string_view today);

class BudgetRules {
  public:
    // `today`: "2027-01-31", or a time that begins so.
    BudgetRules(const std::vector<BudgetRule>& rules, std::string_view today);

    // The index of the rule that a leak falls under.
    std::optional<std::size_t> find(const Leak& leak) const;
    const std::vector<BudgetRule>& all() const { return rules_; }
    bool is_expired(std::size_t rule) const { return expired_[rule]; }

  private:
    bool matches(std::size_t rule, const Leak& leak) const;

    std::vector<BudgetRule> rules_;
    std::vector<bool> expired_;
    std::vector<FileGlobs> files_;     // of `sites`, by rule
    std::vector<std::size_t> ranked_;  // most specific first
};

}  // namespace leakcheck
