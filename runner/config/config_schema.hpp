// SPDX-License-Identifier: Apache-2.0
//
// The JSON Schema of leakcheck.json, made from the options themselves; docs/leakcheck.schema.json is its text.
// Thread safety: free function without state.
#pragma once

#include "runner/config/fields.hpp"

namespace leakcheck {

JsonSchema config_schema();

}  // namespace leakcheck
