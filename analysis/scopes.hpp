// SPDX-License-Identifier: Apache-2.0
//
// What is judged as a whole, and against which budget: the run, and each test with a budget of its own,
// which answers to that alone. Thread safety: free functions without state.
#pragma once

#include <string>
#include <vector>

#include "analysis/leaks.hpp"
#include "analysis/test_results.hpp"
#include "analysis/verdict.hpp"

namespace leakcheck {

// Whether a leak counts against a budget.
bool is_gating(const SampledLeak& leak);

// The leaks for which `condition` holds, added up.
template <class Condition>
Sample sum_leaks(const std::vector<SampledLeak>& leaks, Condition condition) {
    Sample sum;
    for (const SampledLeak& leak : leaks) {
        if (condition(leak)) sum.add(leak.sample);
    }
    return sum;
}

// The run first, then the tests with budgets of their own. The scopes refer to `leaks`.
std::vector<Scope> make_scopes(const std::vector<SampledLeak>& leaks, const TestBudgets& budgets,
                               const Owners& owners, const Budget& run, const Unseen& unseen);

}  // namespace leakcheck
