// SPDX-License-Identifier: Apache-2.0
//
// Leaks that are known and do not count, by the stacks that make them. The first rule that matches a leak takes
// it. A rule with limits lets its leaks pass only while all that it takes of what would count stays within
// them; a rule whose time is over takes nothing. Thread safety: const after construction.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/leaks.hpp"
#include "analysis/suppression.hpp"

namespace leakcheck {

class Suppressions {
  public:
    // `rules` outlives this. `today`: as BudgetRules has it.
    Suppressions(const std::vector<Suppression>& rules, std::string_view today,
                 const std::string& source_root);

    // Takes out of the count what the rules take, and tells what each did, in their order.
    std::vector<SuppressionResult> apply(std::vector<SampledLeak>& leaks) const;

  private:
    std::optional<std::size_t> find(const Leak& leak) const;
    bool matches(const Suppression& rule, const Leak& leak) const;

    const std::vector<Suppression>& rules_;
    std::string today_;
    std::string source_root_;
};

// Of rules that no longer hold, or are exceeded.
std::vector<std::string> warn_of_suppressions(const std::vector<SuppressionResult>& results);

}  // namespace leakcheck
