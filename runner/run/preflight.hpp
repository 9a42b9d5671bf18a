// SPDX-License-Identifier: Apache-2.0
//
// Can this machine trace? The doctor's checks with this program's own files filled in.
// Thread safety: free functions without state; they read the machine.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runner/cli/doctor.hpp"
#include "runner/cli/options.hpp"

namespace leakcheck {

// Why the main command cannot start, one line; nullopt when it can. Quick: nothing is loaded.
std::optional<std::string> first_blocker_here();

// `leakcheck --version`. With `verbose`: which libraries it is built of and runs with, and what the machine
// offers to tracing.
int print_version(Verbosity verbosity);

// Every check, and a real load and attach last. Tells it on standard output; returns the exit status.
int run_doctor(bool json);

}  // namespace leakcheck
