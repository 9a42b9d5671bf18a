// SPDX-License-Identifier: Apache-2.0
//
// While the command runs: passes on signals, serves the tracer, shows progress. Returns how it ended.
#pragma once

#include "analysis/report.hpp"
#include "runner/cli/progress.hpp"
#include "runner/launch/child.hpp"
#include "runner/launch/signals.hpp"
#include "runner/trace/tracer.hpp"

namespace leakcheck {

// `progress` may be null. Errors: TraceError from the tracer.
ChildResult supervise(Child& child, Signals& signals, Tracer& tracer, ProgressLine* progress);

}  // namespace leakcheck
