// SPDX-License-Identifier: Apache-2.0
//
// While the command runs: passes on signals, serves the tracer, shows progress, ends it when its time is up.
#pragma once

#include <chrono>
#include <optional>

#include "analysis/report.hpp"
#include "runner/cli/progress.hpp"
#include "runner/launch/child.hpp"
#include "runner/launch/signals.hpp"
#include "runner/run/overhead_watch.hpp"
#include "runner/trace/tracer.hpp"

namespace leakcheck {

// Whose run it is decides what becomes of SIGINT and its like. The user's own command gets them, and
// decides itself; a run of leakcheck's own is killed.
enum class SignalPolicy { forward, kill };

struct SupervisionRules {
    SignalPolicy signals = SignalPolicy::forward;
    std::optional<std::chrono::milliseconds> time_limit{};  // it is killed after that
    ProgressLine* progress = nullptr;                       // may be null
    OverheadWatch* overhead = nullptr;                      // may be null
};

enum class CutShort { no, time_limit, signal };

struct Supervision {
    ChildResult child;
    CutShort cut_short = CutShort::no;  // by leakcheck
};

// Returns when the command has ended. Errors: TraceError from the tracer; LaunchError when it cannot wait.
Supervision supervise(Child& child, Signals& signals, Tracer& tracer,
                      const SupervisionRules& rules);

}  // namespace leakcheck
