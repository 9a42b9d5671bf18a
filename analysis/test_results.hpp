// SPDX-License-Identifier: Apache-2.0
//
// What each test leaked and allocated. Thread safety: free functions without state.
//
// A budget that a test sets for itself holds for all its runs together; the last one set counts.
// Such a test answers to its own budget alone: what it leaks does not count towards the budget of
// the run.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "analysis/leaks.hpp"

namespace leakcheck {

struct TestBudget {
    std::uint64_t bytes = 0;  // UINT64_MAX: no limit
    std::uint64_t blocks = 0;
};

using TestBudgets = std::map<std::size_t, TestBudget>;  // by index into Owners::all()

// Only of tests: a budget set elsewhere has no effect.
TestBudgets find_test_budgets(const Snapshot& snapshot, const Owners& owners);

// The sums of all allocations by owner (index into Owners::all()). Sizes are kept per stack only,
// so the bounds of bytes take the blocks of a stack to be of equal size; and where the weights of a
// stack differ, its variance is the largest that their mean allows.
std::vector<Sample> sum_allocations(const Snapshot& snapshot, const Owners& owners);

// What each owner did to the heap of the main process, by its index; none where it did not
// count.
std::vector<std::optional<HeapUse>> find_heap_use(const Snapshot& snapshot,
                                                  const Processes& processes, const Owners& owners);

struct TestInputs {
    const Owners& owners;
    const std::vector<SampledLeak>& leaks;
    const std::vector<Sample>& allocations;               // of sum_allocations
    const std::vector<std::optional<HeapUse>>& heap_use;  // of find_heap_use
    const TestBudgets& budgets;
    const TestDefinitionFn& definition;
    std::optional<std::size_t>
        interrupted;  // the test (index into Owners::all()) that was running at the end
    Unseen unseen;
    const std::set<std::size_t>& settled;  // tests of which nothing is unseen
};

// In order of first run.
std::vector<TestResult> make_test_results(const TestInputs& inputs);

// The test that was running when the launched command ended: the one named by the runner, else the
// last owner of its process; nullopt if none.
std::optional<std::size_t> interrupted_test(const ChildResult& child, const Processes& processes,
                                            const Owners& owners);

}  // namespace leakcheck
