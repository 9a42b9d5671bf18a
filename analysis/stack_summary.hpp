// SPDX-License-Identifier: Apache-2.0
//
// Counts stacks by how far they could be followed. Thread safety: free functions without state.
#pragma once

#include <vector>

#include "analysis/report.hpp"
#include "analysis/snapshot.hpp"

namespace leakcheck {

// Allocations that were counted and not traced are left out. An allocation whose stack is not on record, or has no frames, counts as missing.
StackSummary summarise_stacks(const Snapshot& snapshot, const std::vector<Leak>& leaks);

}  // namespace leakcheck
