// SPDX-License-Identifier: Apache-2.0
//
// What stands below the leaks on the console: tests, losses, warnings, and the last line with the
// verdict. Thread safety: free functions without state.
#pragma once

#include <ostream>

#include "analysis/report.hpp"
#include "reporters/reporters.hpp"

namespace leakcheck {

// The tests that leaked, or all of them with options.verbose.
void print_tests(const Report& report, const ConsoleOptions& options, std::ostream& out);

// What the numbers do not include, what was lost, what to be warned of, what failed.
void print_remarks(const Report& report, const ConsoleOptions& options, std::ostream& out);

// "leakcheck: FAIL: 3 leaks, 1.2 kB in 14 blocks, in 2 of 57 tests (traced: every allocation)".
void print_verdict(const Report& report, const ConsoleOptions& options, std::ostream& out);

}  // namespace leakcheck
