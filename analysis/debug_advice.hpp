// SPDX-License-Identifier: Apache-2.0
//
// What to do about leak sites that have no line. Thread safety: a free function without state.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/report.hpp"

namespace leakcheck {

// One sentence that names the modules without debug information that leaks have their site in, the
// worst first and at most three, and how to get more; nullopt where there is none. `leaks` in the
// report's order. The C and C++ libraries and allocators are not named: their lines would tell
// nothing of the leak.
std::optional<std::string> advise_debug_information(const std::vector<Leak>& leaks);

}  // namespace leakcheck
