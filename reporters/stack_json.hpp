// SPDX-License-Identifier: Apache-2.0
//
// Counts of stacks as JSON, the same in every format that is JSON. Thread safety: free functions
// without state.
#pragma once

#include <nlohmann/json.hpp>

#include "analysis/report.hpp"

namespace leakcheck {

// {"complete", "frame_pointer", "truncated", "missing"}
nlohmann::ordered_json stack_counts_json(const StackStatistics& statistics);

// The same with "percent", an object of the same keys; null where there is nothing to count.
nlohmann::ordered_json stack_statistics_json(const StackStatistics& statistics);

}  // namespace leakcheck
