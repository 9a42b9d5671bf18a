// SPDX-License-Identifier: Apache-2.0
//
// A snapshot travels as a recording's text, which keeps every byte of names that are not UTF-8.
#include "runner/trace/trace_messages.hpp"

#include <sstream>

#include "runner/record/recording.hpp"

namespace leakcheck {

using nlohmann::json;

void to_json(json& message, const TraceLimits& limits) {
    message = {{"live_blocks", limits.live_blocks},
               {"stacks", limits.stacks},
               {"processes", limits.processes},
               {"tests", limits.tests}};
}

void from_json(const json& message, TraceLimits& limits) {
    message.at("live_blocks").get_to(limits.live_blocks);
    message.at("stacks").get_to(limits.stacks);
    message.at("processes").get_to(limits.processes);
    message.at("tests").get_to(limits.tests);
}

void to_json(json& message, const TraceConfig& config) {
    message = {{"sampler", config.sampler.string()},
               {"control", config.control.string()},
               {"limits", config.limits},
               {"stack_depth", config.stack_depth},
               {"walk", config.walk},
               {"tables", config.tables},
               {"end_check", config.end_check},
               {"repetitions", config.repetitions},
               {"min_age_ns", config.min_age_ns}};
}

void from_json(const json& message, TraceConfig& config) {
    config.sampler = message.at("sampler").get<std::string>();
    config.control = message.at("control").get<std::string>();
    message.at("limits").get_to(config.limits);
    message.at("stack_depth").get_to(config.stack_depth);
    message.at("walk").get_to(config.walk);
    message.at("tables").get_to(config.tables);
    message.at("end_check").get_to(config.end_check);
    message.at("repetitions").get_to(config.repetitions);
    message.at("min_age_ns").get_to(config.min_age_ns);
}

void to_json(json& message, const TraceProgress& progress) {
    message = {{"tests_ended", progress.tests_ended},
               {"live_bytes", progress.live_bytes},
               {"running_test", progress.running_test}};
}

void from_json(const json& message, TraceProgress& progress) {
    message.at("tests_ended").get_to(progress.tests_ended);
    message.at("live_bytes").get_to(progress.live_bytes);
    message.at("running_test").get_to(progress.running_test);
}

void to_json(json& message, const TraceCost& cost) {
    message = {{"events", cost.events},
               {"timed_events", cost.timed_events},
               {"timed_ns", cost.timed_ns},
               {"trap_ns", cost.trap_ns}};
}

void from_json(const json& message, TraceCost& cost) {
    message.at("events").get_to(cost.events);
    message.at("timed_events").get_to(cost.timed_events);
    message.at("timed_ns").get_to(cost.timed_ns);
    message.at("trap_ns").get_to(cost.trap_ns);
}

void to_json(json& message, const Mapping& mapping) {
    message = {{"process", static_cast<std::uint32_t>(mapping.process)},
               {"start", mapping.start},
               {"end", mapping.end},
               {"file_offset", mapping.file_offset},
               {"time_ns", mapping.time_ns},
               {"path", mapping.path}};
}

void from_json(const json& message, Mapping& mapping) {
    mapping.process = ProcessId{message.at("process").get<std::uint32_t>()};
    message.at("start").get_to(mapping.start);
    message.at("end").get_to(mapping.end);
    message.at("file_offset").get_to(mapping.file_offset);
    message.at("time_ns").get_to(mapping.time_ns);
    message.at("path").get_to(mapping.path);
}

void to_json(json& message, const TraceResult& result) {
    std::ostringstream snapshot;
    Recording recording;
    recording.snapshot = result.snapshot;
    write_recording(recording, snapshot);
    message = {{"snapshot", snapshot.str()},
               {"mappings", result.mappings},
               {"warnings", result.warnings},
               {"cost", result.cost}};
}

void from_json(const json& message, TraceResult& result) {
    std::istringstream snapshot(message.at("snapshot").get<std::string>());
    result.snapshot = read_recording(snapshot).snapshot;
    message.at("mappings").get_to(result.mappings);
    message.at("warnings").get_to(result.warnings);
    message.at("cost").get_to(result.cost);
}

}  // namespace leakcheck
