// SPDX-License-Identifier: Apache-2.0
//
// Runs a command once under tracing, from the run's directory to the snapshot. Thread safety: call it from a
// single-threaded process (it forks). Errors: TraceError, LaunchError.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "analysis/report.hpp"
#include "runner/launch/child.hpp"
#include "runner/launch/environment_block.hpp"
#include "runner/run/run_plan.hpp"
#include "runner/run/supervise.hpp"
#include "runner/trace/tracer.hpp"

namespace leakcheck {

// What is to be run, and how. Refers to the plan.
struct RunOrder {
    const RunPlan& plan;
    Options options;  // of the plan, but with this run's own sampling and repetitions
    std::vector<std::string> command;  // as execvp takes it
    EnvironmentBlock environment;
    LaunchStreams streams{};  // inherited by default
    ProcessGroup process_group = ProcessGroup::of_caller;
    SignalPolicy signal_policy = SignalPolicy::forward;
    std::optional<std::chrono::milliseconds> time_limit{};  // it is killed after that
    bool wants_gtest_xml = false;
};

// The user's own command, as it was given.
RunOrder first_run_order(const RunPlan& plan);

// What a traced run leaves behind.
struct TracedRun {
    Supervision supervision;
    TraceResult result;
    Overhead overhead;
    std::string gtest_xml;   // empty unless wanted and written
    std::string started_at;  // ISO 8601, UTC
    double wall_seconds = 0.0;
};

TracedRun run_traced(const RunOrder& order);

}  // namespace leakcheck
