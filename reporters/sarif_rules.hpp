// SPDX-License-Identifier: Apache-2.0
//
// The published rules of the SARIF report. Their ids are part of the identity of a finding: they
// never change. Thread safety: free functions without state.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "reporters/leak_groups.hpp"

namespace leakcheck {

std::string_view rule_id(LeakRule rule);

// `tool.driver.rules`: the rule of LeakRule value i is at index i.
nlohmann::ordered_json sarif_rules();

}  // namespace leakcheck
