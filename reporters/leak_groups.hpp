// SPDX-License-Identifier: Apache-2.0
//
// Leaks gathered by the line they are shown at: code hosts tell results apart by rule, file and
// line, so what shares them must be one result. Thread safety: a free function without state.
#pragma once

#include <cstddef>
#include <vector>

#include "analysis/report.hpp"
#include "reporters/leak_sum.hpp"
#include "reporters/places.hpp"

namespace leakcheck {

// What is held has rules of its own; of other leaks the owner decides. The order is that of the published
// rules.
enum class LeakRule : std::size_t { in_test, in_set_up, outside_tests, possible, reachable };

struct LeakGroup {
    LeakRule rule = LeakRule::in_test;
    SourceLocation place;      // file and line >= 1, as annotated_place gives them
    bool over_budget = false;  // at least one of its leaks is
    bool warns = false;        // some of its leaks are possible ones, which are only listed
    LeakSum sum;
    std::vector<const Leak*> leaks;  // worst first; refer into the report
};

// Without what was released late. Worst first: over the budget before possible leaks before the others, what is still reachable last;
// then by estimated bytes, descending.
std::vector<LeakGroup> group_leaks(const Report& report, const TestIndex& tests);

}  // namespace leakcheck
