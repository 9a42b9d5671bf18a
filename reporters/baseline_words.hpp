// SPDX-License-Identifier: Apache-2.0
//
// How reports put into words what is known: by suppressions, and from earlier runs. Thread safety: free functions
// without state.
#pragma once

#include <string>
#include <string_view>

#include "analysis/report.hpp"

namespace leakcheck {

// "ci/baseline.json: 1 new, 50 known, 0 grown, 2 fixed".
std::string baseline_words(const BaselineResult& baseline);

// "Queue.Push: 2.0 kB in 16 blocks at make_node(Item const&), src/queue.cpp (0123456789abcdef)".
std::string baseline_entry_words(const BaselineEntry& entry);

// "new: not in the baseline", ...; empty where there is none.
std::string_view baseline_state_words(BaselineState state);

// " (new: not in the baseline)"; empty for leaks that are known, which is told otherwise.
std::string baseline_suffix(const Leak& leak);

// Unused ones are told of, and those whose limits or time are over; used ones where everything is told.
bool is_worth_telling(const SuppressionResult& result, bool verbose);
// "leak:foo (lsan.supp:3): took 2 leaks, 1.0 kB in 4 blocks", "...: not used".
std::string suppression_words(const SuppressionResult& result);

}  // namespace leakcheck
