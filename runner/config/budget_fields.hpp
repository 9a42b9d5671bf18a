// SPDX-License-Identifier: Apache-2.0
//
// "budgets" in the configuration: a list of the rules that analysis/budget_rules.hpp applies. Thread safety: free
// functions without state. Errors: JsonError.
#pragma once

#include <vector>

#include "analysis/report.hpp"
#include "runner/config/fields.hpp"

namespace leakcheck {

std::vector<BudgetRule> read_budgets(const LocatedJson& list);

// Of one rule.
JsonSchema budget_schema();

}  // namespace leakcheck
