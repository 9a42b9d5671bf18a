// SPDX-License-Identifier: Apache-2.0
//
// How a run chose the allocations that it traced; docs/sampling.md tells what the modes promise.
// Units: bytes. Ownership: plain values. Thread safety: none needed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace leakcheck {

enum class SamplingKind {
    one_in,     // one in `rate`; all of them where that is 1
    counted,    // every block is counted; the first ones of a context are traced, for their stack
    adaptive,   // the first ones of a context, then ever fewer, down to one in `rate`
    bytes,      // one in `mean_bytes` bytes
    strata,     // a rate for each class of sizes
    auto_rate,  // one in `rate` at the most; fewer the more often the process allocates
};

// Sizes below `below` (UINT64_MAX: no end), and not below the stratum before.
struct SizeStratum {
    std::uint64_t below = UINT64_MAX;
    std::uint64_t rate = 1;

    bool operator==(const SizeStratum&) const = default;
};

// The rates of auto_rate, the lowest and the highest (sampler/sampling.hpp).
inline constexpr std::uint64_t least_auto_rate = 100;
inline constexpr std::uint64_t most_auto_rate = 2000;

struct SamplingInfo {
    std::string mode;        // as given: "1:200"
    std::uint64_t rate = 1;  // mean allocations per sample; where that varies, the most of them
    std::uint64_t seed = 0;
    std::uint64_t min_size = 0;
    std::uint64_t max_size = UINT64_MAX;
    SamplingKind kind = SamplingKind::one_in;
    std::uint32_t first_samples = 0;  // of a context: adaptive and counted
    std::uint64_t mean_bytes = 0;     // bytes
    std::vector<SizeStratum> strata;  // strata: by rising size, the last one without end

    bool operator==(const SamplingInfo&) const = default;
};

// Whether samples are recorded in tables of their processes: where tracing is cut, only stacks are lost
// then. Tables keep no times, so they do not serve where blocks younger than `min_age_ns` do not count.
inline bool keeps_tables(SamplingKind kind, std::uint64_t min_age_ns) {
    return (kind == SamplingKind::counted || kind == SamplingKind::adaptive) && min_age_ns == 0;
}

// Nothing is estimated: what was observed is all there was.
inline bool is_exact(SamplingKind kind, std::uint64_t rate) {
    return kind == SamplingKind::counted || (kind == SamplingKind::one_in && rate <= 1);
}
inline bool is_exact(const SamplingInfo& sampling) {
    return is_exact(sampling.kind, sampling.rate);
}

}  // namespace leakcheck
