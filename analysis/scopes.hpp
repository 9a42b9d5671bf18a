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

// The leaks for which `condition` holds, added up.
template <class Condition>
Sample sum_leaks(const std::vector<SampledLeak>& leaks, Condition condition) {
    Sample sum;
    for (const SampledLeak& leak : leaks) {
        if (condition(leak)) sum.add(leak.sample);
    }
    return sum;
}

// What may be behind a sum of leaks that was not traced: nothing where an exact run has settled all of
// their owners.
template <class Condition>
Unseen unseen_behind(const Findings& found, Condition condition) {
    bool any = false;
    for (const SampledLeak& leak : found.leaks) {
        if (!condition(leak)) continue;
        if (found.settled.count(leak.owner) == 0) return found.unseen;
        any = true;
    }
    return any ? Unseen{} : found.unseen;
}

// The run first, then the tests with budgets of their own, then those of rules that leaks fall under. The
// scopes refer to the leaks found.
std::vector<Scope> make_scopes(const Findings& found, const AnalysisOptions& options);

}  // namespace leakcheck
