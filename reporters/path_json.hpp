// SPDX-License-Identifier: Apache-2.0
//
// What keeps a leak, in the result file: docs/result.schema.json describes the fields. Thread safety: free
// functions without state.
#pragma once

#include <nlohmann/json.hpp>

#include "analysis/report.hpp"

namespace leakcheck {

// null where nothing is known.
nlohmann::ordered_json held_by_json(const HeldBy& held_by);

}  // namespace leakcheck
