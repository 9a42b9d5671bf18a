// SPDX-License-Identifier: Apache-2.0
//
// What is known does not count: leaks that a suppression takes, then those of the baseline. Thread safety: free
// functions without state.
#pragma once

#include "analysis/findings.hpp"

namespace leakcheck {

// Decides it for all leaks anew, so that limits are compared with all that the run found, whatever was taken in since
// the last time. Leaves the leaks in the report's order.
void apply_exemptions(Findings& found, const AnalysisOptions& options);

}  // namespace leakcheck
