// SPDX-License-Identifier: Apache-2.0
//
// What each leak is to the baseline, and which of the baseline's leaks are gone. Thread safety: free functions without
// state.
//
//   known, grown    a leak that would count, of the same owner and fingerprint as an entry; it is known while neither
//                   its bytes nor its blocks are more than the entry's
//   new             any other that would count
//   fixed           an entry of which the run shows nothing, although it would have: its owner ran, in the entry's
//                   program, to a normal end, with every block counted or traced, and nothing was lost
#pragma once

#include <string>
#include <vector>

#include "analysis/findings.hpp"

namespace leakcheck {

// Known leaks no longer count.
BaselineResult compare_with_baseline(Findings& found, const Baseline& baseline);

// The violation that --ratchet makes of fixed leaks.
Violation ratchet_violation(const BaselineResult& result);

std::vector<std::string> warn_of_expired_entries(const BaselineResult& result);

}  // namespace leakcheck
