// SPDX-License-Identifier: Apache-2.0
//
// Sentences for people about what the numbers do not show. Thread safety: free functions without
// state.
#pragma once

#include <string>
#include <vector>

#include "analysis/owners.hpp"
#include "analysis/processes.hpp"
#include "analysis/report.hpp"

namespace leakcheck {

// Programs that were started without the sampler.
std::uint64_t count_untraced(const Snapshot& snapshot);

// Why nothing at all can be said of the launched command; empty when it was traced.
std::vector<std::string> find_blind_spots(const Processes& processes);

// `report` has its leaks and quantities already.
std::vector<std::string> find_warnings(const Snapshot& snapshot, const Owners& owners,
                                       const Report& report);

}  // namespace leakcheck
