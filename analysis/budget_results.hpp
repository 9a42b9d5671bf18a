// SPDX-License-Identifier: Apache-2.0
//
// What the budgets came to: which leaks are over one, and how far each rule was used. Thread safety: free
// functions without state.
#pragma once

#include <string>
#include <vector>

#include "analysis/leaks.hpp"
#include "analysis/verdict.hpp"

namespace leakcheck {

// Writes into each leak which rule it falls under and whether that is exceeded. `scopes` refer to `leaks`.
void mark_leaks(std::vector<SampledLeak>& leaks, const std::vector<Scope>& scopes);

// `scopes`: of make_scopes. `today`: as BudgetRules has it.
std::vector<BudgetResult> sum_by_rule(const std::vector<BudgetRule>& rules,
                                      const std::vector<Scope>& scopes, const std::string& today);

// Of rules that no longer count.
std::vector<std::string> warn_of_expired(const std::vector<BudgetResult>& results);

}  // namespace leakcheck
