// SPDX-License-Identifier: Apache-2.0
//
// What is judged as a whole, and against which budget: the run, each test with a budget of its own,
// which answers to that alone, and what falls under each rule of the configuration (budget_rules.hpp).
// Each leak that counts is in one scope. Thread safety: free functions without state.
#pragma once

#include <vector>

#include "analysis/findings.hpp"
#include "analysis/verdict.hpp"

namespace leakcheck {

// The run first, then the tests with budgets of their own, then those of rules that leaks fall under. The
// scopes refer to the leaks found.
std::vector<Scope> make_scopes(const Findings& found, const AnalysisOptions& options);

}  // namespace leakcheck
