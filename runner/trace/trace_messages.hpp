// SPDX-License-Identifier: Apache-2.0
//
// What crosses between RemoteTracer and its helper, as JSON. Private to the two.
#pragma once

#include <nlohmann/json.hpp>

#include "runner/trace/tracer.hpp"

namespace leakcheck {

NLOHMANN_JSON_SERIALIZE_ENUM(StackWalk, {{StackWalk::tables, "tables"},
                                         {StackWalk::frame_pointers, "frame_pointers"}})

void to_json(nlohmann::json& json, const TraceConfig& config);
void from_json(const nlohmann::json& json, TraceConfig& config);
void to_json(nlohmann::json& json, const TraceProgress& progress);
void from_json(const nlohmann::json& json, TraceProgress& progress);
void to_json(nlohmann::json& json, const TraceCost& cost);
void from_json(const nlohmann::json& json, TraceCost& cost);
void to_json(nlohmann::json& json, const TraceResult& result);
void from_json(const nlohmann::json& json, TraceResult& result);

}  // namespace leakcheck
