// SPDX-License-Identifier: Apache-2.0
//
// Which leaks reports for people list one by one; the others are told as sums.
// Thread safety: free functions without state.
#pragma once

#include "analysis/report.hpp"

namespace leakcheck {

// What a child left behind when it died, was replaced or had not ended says more about how it ended than
// about leaks, and what is suppressed or in the baseline is known: a line for each reason will do.
bool is_folded(const Leak& leak);

// What counts is listed whatever its kind: a failure wants its reason.
bool is_of_shown_kind(const Leak& leak, LeakKinds show);

}  // namespace leakcheck
