// placeholder until the snapshot's JSON exists
#include "runner/trace/trace_messages.hpp"
namespace leakcheck {
void to_json(nlohmann::json&, const TraceConfig&) {}
void from_json(const nlohmann::json&, TraceConfig&) {}
void to_json(nlohmann::json&, const TraceProgress&) {}
void from_json(const nlohmann::json&, TraceProgress&) {}
void to_json(nlohmann::json&, const TraceResult&) {}
void from_json(const nlohmann::json&, TraceResult&) {}
}
