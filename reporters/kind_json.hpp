// SPDX-License-Identifier: Apache-2.0
//
// Kinds in the result file: docs/result.schema.json describes the fields. Thread safety: free functions
// without state.
#pragma once

#include <nlohmann/json.hpp>

#include "analysis/report.hpp"

namespace leakcheck {

// A total of bytes or blocks, and both together.
nlohmann::ordered_json quantity_json(const Quantity& quantity);
nlohmann::ordered_json quantities_json(const Quantity& bytes, const Quantity& blocks);

nlohmann::ordered_json kinds_json(LeakKinds kinds);
nlohmann::ordered_json kind_totals_json(const KindTotals& totals);
nlohmann::ordered_json pointer_checks_json(const std::vector<CheckedProcess>& checks);

// Adds whose turn it was freed in, where it was released late.
void add_release(nlohmann::ordered_json& leak, const Leak& from);

// Adds what hangs on the leak, where something does.
void add_indirect(nlohmann::ordered_json& leak, const Leak& from);

}  // namespace leakcheck
