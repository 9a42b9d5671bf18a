// SPDX-License-Identifier: Apache-2.0
//
// One leak on the console. Thread safety: a free function without state.
#pragma once

#include <cstddef>
#include <ostream>

#include "analysis/report.hpp"
#include "reporters/reporters.hpp"

namespace leakcheck {

// The leak with its number in the list, its owner, amount, site and stack.
void print_leak(const Leak& leak, std::size_t number, const ConsoleOptions& options,
                std::ostream& out);

}  // namespace leakcheck
