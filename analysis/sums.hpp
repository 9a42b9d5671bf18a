// SPDX-License-Identifier: Apache-2.0
//
// Leaks and allocations of a run summed by the line that leaks and by test suite. Sums are of
// samples, so that each has bounds of its own. Thread safety: free functions without state.
#pragma once

#include <vector>

#include "analysis/findings.hpp"

namespace leakcheck {

// Of leaks that count: by estimated bytes, descending; ties by place.
std::vector<SiteResult> sum_by_site(const Findings& found);

// In order of first run.
std::vector<SuiteResult> sum_by_suite(const Findings& found);

}  // namespace leakcheck
