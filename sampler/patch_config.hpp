// SPDX-License-Identifier: Apache-2.0
//
// The runner's side of the sampler's configuration: makes the copy of the library that one run
// uses. A run's copy has an inode of its own, so that the run's probes trap for nobody else.
//
// Errors: std::runtime_error with one line that names the file, the problem and the mend; then
// there is no copy left behind. Thread safety: none needed; no state.
#pragma once

#include <filesystem>

#include "abi/leakcheck_abi.h"

namespace leakcheck {

// The largest sample rate whose weight fits into 64 bits.
inline constexpr std::uint64_t largest_sample_rate = std::uint64_t{1}
                                                     << (63 - LEAKCHECK_WEIGHT_SHIFT);

// The same where each allocation is drawn by 32 random bits (strata, adaptive).
inline constexpr std::uint64_t largest_drawn_rate = std::uint64_t{1} << 32;

// A block of one byte weighs this much at most.
inline constexpr std::uint64_t largest_mean_bytes = std::uint64_t{1} << 40;

// Writes `library` with its configuration replaced by `config` to `copy`, readable and executable
// by all. An existing file at `copy` is overwritten. Checks that `library` is an x86-64 shared
// library with a configuration of this version, and that `config` makes sense.
void write_sampler_copy(const std::filesystem::path& library, const std::filesystem::path& copy,
                        const leakcheck_config& config);

}  // namespace leakcheck
