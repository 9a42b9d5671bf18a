// SPDX-License-Identifier: Apache-2.0
//
// Values of the result file that many of its records have. Thread safety: free functions without state.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "analysis/report.hpp"

namespace leakcheck {

nlohmann::ordered_json text_or_null(const std::string& text);
nlohmann::ordered_json positive_or_null(std::uint64_t number);
// "0x4010"
nlohmann::ordered_json address_json(std::uint64_t address);
nlohmann::ordered_json location_json(const SourceLocation& place);
nlohmann::ordered_json frame_json(const Frame& frame);

}  // namespace leakcheck
