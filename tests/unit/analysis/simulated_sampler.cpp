// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/analysis/simulated_sampler.hpp"

#include <array>
#include <memory>

#include "sampler/contexts.hpp"
#include "sampler/frequency.hpp"
#include "sampler/sampling.hpp"

namespace leakcheck::test {
namespace {

using namespace leakcheck::sampler;

std::uint64_t begin(const SamplingInfo& sampling) {
    return random_state(sampling.seed, 0, 1);
}

void trace(Sample& sample, std::uint64_t size, std::uint64_t weight) {
    const auto bytes = static_cast<double>(size);
    sample.add({static_cast<double>(weight) / static_cast<double>(LEAKCHECK_WEIGHT_ONE), 1, size,
                bytes * bytes, bytes});
}

Sample one_in_n(const SamplingInfo& sampling, const Sizes& sizes) {
    std::uint64_t random = begin(sampling);
    std::uint64_t countdown = next_gap(random, sampling.rate);
    Sample sample;
    for (const std::uint64_t size : sizes) {
        if (passes_gap(countdown, 1)) continue;
        trace(sample, size, weight_of_rate(sampling.rate));
        countdown = next_gap(random, sampling.rate);
    }
    return sample;
}

Sample by_bytes(const SamplingInfo& sampling, const Sizes& sizes) {
    std::uint64_t random = begin(sampling);
    std::uint64_t countdown = next_gap_in_bytes(random, sampling.mean_bytes);
    Sample sample;
    for (const std::uint64_t size : sizes) {
        if (passes_gap(countdown, units_in_bytes(size))) continue;
        trace(sample, size, weight_of_size(size, sampling.mean_bytes));
        countdown = next_gap_in_bytes(random, sampling.mean_bytes);
    }
    return sample;
}

Sample by_strata(const SamplingInfo& sampling, const Sizes& sizes) {
    std::uint64_t random = begin(sampling);
    const auto count = static_cast<std::uint32_t>(sampling.strata.size());
    std::array<std::uint64_t, LEAKCHECK_MAX_STRATA> countdown{};
    for (std::uint32_t i = 0; i < count; ++i)
        countdown[i] = next_gap(random, sampling.strata[i].rate);
    Sample sample;
    for (const std::uint64_t size : sizes) {
        const std::uint32_t stratum = stratum_of(sampling.strata, count, size);
        if (passes_gap(countdown[stratum], 1)) continue;
        const std::uint64_t rate = sampling.strata[stratum].rate;
        trace(sample, size, weight_of_rate(rate));
        countdown[stratum] = next_gap(random, rate);
    }
    return sample;
}

// Four call sites in turn. One table for all runs, told apart by epochs as tests are.
Sample adaptive(const SamplingInfo& sampling, const Sizes& sizes) {
    static const auto contexts = std::make_unique<ContextTable>();
    static std::uint32_t epoch = 0;
    ++epoch;
    std::uint64_t random = begin(sampling);
    Sample sample;
    std::uint64_t site = 0;
    for (const std::uint64_t size : sizes) {
        const std::size_t context = context_number(0x1000 + 8 * (site++ % 4), 0);
        const std::uint64_t limit = contexts->limit(context, epoch);
        if (quick_draw(random) > limit) continue;
        const std::uint32_t threshold = contexts->count_sample(
            context, epoch, limit, sampling.first_samples, threshold_of_rate(sampling.rate));
        trace(sample, size, weight_of_threshold(threshold));
    }
    return sample;
}

// The program allocates 500 times a second, then 5,000, 30,000 and a million times.
Sample at_changing_frequency(const SamplingInfo& sampling, const Sizes& sizes) {
    constexpr std::array<std::uint64_t, 4> pause_ns{2'000'000, 200'000, 33'333, 1'000};
    std::uint64_t random = begin(sampling);
    AllocationFrequency frequency;
    std::uint64_t rate = frequency.rate();
    std::uint64_t countdown = next_gap(random, rate);
    std::uint64_t now_ns = 1'000'000'000;
    Sample sample;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        now_ns += pause_ns[i * pause_ns.size() / sizes.size()];
        if (passes_gap(countdown, 1)) continue;
        trace(sample, sizes[i], weight_of_rate(rate));
        frequency.add(rate, now_ns);
        rate = frequency.rate();
        countdown = next_gap(random, rate);
    }
    return sample;
}

Sample counted(const SamplingInfo&, const Sizes& sizes) {
    Sample sample;
    for (const std::uint64_t size : sizes) trace(sample, size, LEAKCHECK_WEIGHT_ONE);
    return sample;
}

SamplingInfo info(SamplingKind kind, std::uint64_t rate) {
    SamplingInfo sampling;
    sampling.kind = kind;
    sampling.rate = rate;
    return sampling;
}

}  // namespace

std::vector<SimulatedMode> simulated_modes(double mean_size) {
    const auto mean = static_cast<std::uint64_t>(mean_size);
    SamplingInfo contexts = info(SamplingKind::adaptive, 20);
    contexts.first_samples = 8;
    SamplingInfo bytes = info(SamplingKind::bytes, 8 * mean);
    bytes.mean_bytes = 8 * mean;
    SamplingInfo strata = info(SamplingKind::strata, 20);
    strata.strata = {{mean / 2 + 1, 20}, {mean + 1, 10}, {UINT64_MAX, 5}};
    return {
        {"1 in 10", 2'000, info(SamplingKind::one_in, 10), one_in_n},
        {"adaptive", 4'000, contexts, adaptive},
        {"bytes", 2'000, bytes, by_bytes},
        {"strata", 2'000, strata, by_strata},
        {"auto-rate", 20'000, info(SamplingKind::auto_rate, most_auto_rate), at_changing_frequency},
        {"counted", 100, info(SamplingKind::counted, 1), counted},
    };
}

}  // namespace leakcheck::test
