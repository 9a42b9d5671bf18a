// SPDX-License-Identifier: Apache-2.0
//
// What was allocated in a process whose table holds samples: observed, and estimated by their weights.
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/snapshot.hpp"
#include "runner/trace/context_stacks.hpp"
#include "runner/trace/counted_table.hpp"

namespace leakcheck {

// Blocks that still have a record.
struct LiveSum {
    std::uint64_t blocks = 0;
    std::uint64_t bytes = 0;
};

// By owner and stack. `live`: by the number of the account.
std::vector<AllocationTotal> sample_totals(const CountedTable& table, ProcessId process,
                                           ContextStacks& stacks, const std::vector<LiveSum>& live);

}  // namespace leakcheck
