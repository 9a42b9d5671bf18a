// SPDX-License-Identifier: Apache-2.0
//
// Suites and leak sites with their sums, for the verbose console. Thread safety: free functions
// without state.
#pragma once

#include <ostream>

#include "analysis/report.hpp"
#include "reporters/reporters.hpp"

namespace leakcheck {

// Each suite with what it leaked and allocated; then each line that leaks, with all its leaks.
void print_sums(const Report& report, const ConsoleOptions& options, std::ostream& out);

}  // namespace leakcheck
