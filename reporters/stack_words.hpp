// SPDX-License-Identifier: Apache-2.0
//
// How reports tell how far stacks could be followed. Thread safety: free functions without state.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/report.hpp"

namespace leakcheck {

// A part in percent, rounded to hundredths; 100 only for the whole and 0 only for nothing. `whole`
// is not 0.
double percentage(std::uint64_t part, std::uint64_t whole);

// "100 %", "99.99 %", "0.5 %".
std::string percentage_text(std::uint64_t part, std::uint64_t whole);

// Nothing that was counted has a stack that is not complete.
bool all_complete(const StackSummary& summary);

// "100 % complete (12,345 allocations)", or
// "99.99 % complete (12,344 of 12,345 allocations, 2 of 3 leaked blocks)"; empty where nothing was
// counted.
std::string stack_summary_text(const StackSummary& summary);

// One line for each other status that occurred, with what it means:
// "0.01 % cut short (1 allocation): ...".
std::vector<std::string> incomplete_stack_texts(const StackSummary& summary);

// What is worth knowing about a leak's stack; empty for a complete one.
std::string stack_remark(const Leak& leak);

}  // namespace leakcheck
