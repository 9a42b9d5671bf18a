// SPDX-License-Identifier: Apache-2.0
//
// What is known, in the result: suppressions and the baseline. docs/result.schema.json describes it. Thread safety: free
// functions without state.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "analysis/report.hpp"

namespace leakcheck {

nlohmann::ordered_json leak_count_json(const LeakCount& count);
// "new", "known", "grown", or null.
nlohmann::ordered_json baseline_state_json(BaselineState state);
nlohmann::ordered_json baseline_json(const BaselineResult& baseline);
nlohmann::ordered_json suppressions_json(const std::vector<SuppressionResult>& suppressions);

}  // namespace leakcheck
