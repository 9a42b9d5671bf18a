// SPDX-License-Identifier: Apache-2.0
//
// What is judged as a whole, and against which budget: the run, and each test with a budget of its own,
// which answers to that alone. Thread safety: free functions without state.
#pragma once

#include <vector>

#include "analysis/findings.hpp"
#include "analysis/verdict.hpp"

namespace leakcheck {

// The run first, then the tests with budgets of their own. The scopes refer to the leaks found.
std::vector<Scope> make_scopes(const Findings& found, const Budget& run);

}  // namespace leakcheck
