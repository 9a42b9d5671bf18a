// SPDX-License-Identifier: Apache-2.0
//
// The value of --sampling. Pure: text in, mode out. Thread safety: free functions without state.
//
//   counted               every block is counted
//   adaptive, adaptive:N  down to one in N (default 1,000)
//   1:N                   one in N allocations
//   bytes:T               one in T bytes; T as every SIZE (values.hpp)
//   auto-rate             one in 100 to 2,000 allocations
//   RANGE=1:N,...         a rate for each class of sizes, at most eight. RANGE is <B, A-B or >A: sizes
//                         from A up to, but not including, B. Classes ascend and leave nothing out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/sampling_info.hpp"
#include "runner/cli/outcome.hpp"

namespace leakcheck {

inline constexpr std::uint64_t largest_sampling_rate = std::uint64_t{1} << 32;
inline constexpr std::uint64_t largest_sampling_bytes = std::uint64_t{1} << 40;

struct SamplingMode {
    SamplingKind kind = SamplingKind::one_in;
    std::uint64_t rate = 1;           // mean allocations per sample; where it varies, the most
    std::uint64_t mean_bytes = 0;     // bytes
    std::vector<SizeStratum> strata;  // strata
    std::string text = "1:1";         // as given
};

SamplingMode one_in(std::uint64_t rate);

// Problem: what is wrong, with the value and what is accepted, but without the option's name.
Outcome<SamplingMode> parse_sampling_mode(std::string_view text);

// How many allocations of a context the mode traces at each probability where --first-samples does
// not say; 0 for modes without contexts.
std::uint32_t default_first_samples(SamplingKind kind);

}  // namespace leakcheck
