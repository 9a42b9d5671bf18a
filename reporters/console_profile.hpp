// SPDX-License-Identifier: Apache-2.0
//
// The tests that took longest and those that allocated most, on the console (--profile-tests).
// Thread safety: free function without state.
#pragma once

#include <ostream>

#include "analysis/report.hpp"
#include "reporters/reporters.hpp"

namespace leakcheck {

// At most options.top of each (0: all). Nothing where the program ran no tests.
void print_test_profile(const Report& report, const ConsoleOptions& options, std::ostream& out);

}  // namespace leakcheck
