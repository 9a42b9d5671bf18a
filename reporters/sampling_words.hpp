// SPDX-License-Identifier: Apache-2.0
//
// How reports say which allocations were traced. Thread safety: free functions without state.
#pragma once

#include <string>
#include <string_view>

#include "analysis/sampling_info.hpp"

namespace leakcheck {

// A sentence without its stop: "every allocation was traced", or "1 in 200 allocations of 16 bytes
// or more was sampled".
std::string coverage(const SamplingInfo& sampling);

// The same as a note: "traced: every allocation", "sampled: 1 in 200 allocations".
std::string coverage_note(const SamplingInfo& sampling);

// Whether numbers are counted or estimated, in one word for programs: "counted", "estimated".
std::string_view measured(const SamplingInfo& sampling);

}  // namespace leakcheck
