// SPDX-License-Identifier: Apache-2.0
//
// The analysis half way: everything is attributed, symbolized and estimated, nothing is judged yet. Here the
// results of another run can be taken in (confirm.hpp).
// Ownership: findings refer to the snapshot they were made from, which has to outlive them.
// Thread safety: free functions without state.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "analysis/analysis.hpp"
#include "analysis/estimate.hpp"
#include "analysis/leaks.hpp"
#include "analysis/owners.hpp"
#include "analysis/test_results.hpp"

namespace leakcheck {

struct Findings {
    const Snapshot& snapshot;
    Owners owners;
    std::vector<SampledLeak> leaks{};   // in the report's order
    std::vector<Sample> allocations{};  // by owner (index into Owners::all())
    Unseen unseen{};
    std::vector<std::optional<HeapUse>> heap_use{};  // by owner
    TestBudgets budgets{};
    std::vector<std::string> blind_spots{};    // sentences: why a pass cannot be claimed
    std::optional<std::size_t> interrupted{};  // the test that was running when the command ended
    std::set<std::size_t> settled{};           // owners whose leaks an exact run has decided
    std::optional<ConfirmSummary> confirmed{};
    Report report{};  // what is settled whatever the verdict
};

Findings examine(const Snapshot& snapshot, const RunFacts& facts, const AnalysisOptions& options,
                 const SymbolizeFn& symbolize);

Report conclude(Findings findings, const AnalysisOptions& options,
                const TestDefinitionFn& test_definition);

}  // namespace leakcheck
