// SPDX-License-Identifier: Apache-2.0
//
// The second run of tests, and what tracing cost, as members of the result file. Thread safety: free functions
// without state.
#pragma once

#include <nlohmann/json.hpp>

#include "analysis/report.hpp"

namespace leakcheck {

// Adds what became of a leak; nothing where no second run was made.
void add_confirmation(nlohmann::ordered_json& leak, const Leak& from);

// null where no second run was made.
nlohmann::ordered_json confirm_summary_json(const Verdict& verdict);

nlohmann::ordered_json overhead_json(const Overhead& overhead);

}  // namespace leakcheck
