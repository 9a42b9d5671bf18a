// SPDX-License-Identifier: Apache-2.0
//
// Sentences for people about what the numbers do not show. Thread safety: free functions without
// state.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/findings.hpp"
#include "analysis/owners.hpp"
#include "analysis/processes.hpp"
#include "analysis/report.hpp"

namespace leakcheck {

// Programs that were started without the sampler.
std::uint64_t count_untraced(const Snapshot& snapshot);

// Why nothing at all can be said of the launched command; empty when it was traced.
std::vector<std::string> find_blind_spots(const Processes& processes);

// Why leaks may have been missed after the cost of tracing was cut; nullopt where it was not, where
// sampling more coarsely is all that was done, which the estimates allow for, and where blocks are
// recorded in tables: they are, whatever is traced.
std::optional<std::string> describe_untraced_time(const Overhead& overhead,
                                                  const SamplingInfo& sampling,
                                                  std::uint64_t min_age_ns);

// `report` has its leaks and quantities already.
std::vector<std::string> find_warnings(const Snapshot& snapshot, const Owners& owners,
                                       const Report& report);

// What the run of the suspects leaves open; empty where none was made. `report` has its verdict already.
std::vector<std::string> find_confirm_warnings(const Findings& found, const Report& report);

}  // namespace leakcheck
