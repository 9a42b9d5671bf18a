// SPDX-License-Identifier: Apache-2.0
//
// The helper's side of RemoteTracer.
#pragma once

namespace leakcheck {

// How leakcheck starts itself as the helper. Not for people.
inline constexpr const char* trace_helper_argument = "trace-helper";

// Serves requests on standard input until it ends. Returns the exit status.
int run_trace_helper();

}  // namespace leakcheck
