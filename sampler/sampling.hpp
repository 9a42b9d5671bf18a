// SPDX-License-Identifier: Apache-2.0
//
// Which allocations are sampled. At a rate of N each allocation is sampled with probability 1/N,
// independently of all others. Drawing a random number for every allocation would be slow, so what
// is drawn is the distance from one sample to the next: with p = 1/N the distance G is geometric,
//
//     P(G = k) = (1 - p)^(k - 1) p    for k = 1, 2, ...     mean N, variance (1 - p) / p^2
//
// and an allocation that is not sampled costs a decrement. G comes by inversion from one number U,
// uniform on (0, 1]:
//
//     G = 1 + floor(ln U / ln(1 - p))
//
// for G > k exactly when U <= (1 - p)^k. U has 53 random bits, so gaps end at 36.7 N, where a
// probability of 1e-16 is cut off. Since the distribution has no memory, it does not matter where a
// thread starts, nor when it skips a sample (in an untracked scope, say): every allocation
// considered has inclusion probability 1/N, known beforehand, and its weight is N.
//
// The random state is the caller's (one per thread), seeded from the run's seed and the thread's
// ordinal: the same program makes the same decisions again. Pure functions; no libm, which the
// sampler must not depend on.
#pragma once

#include <bit>
#include <cstdint>

namespace leakcheck::sampler {

// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
constexpr std::uint64_t mix(std::uint64_t value) {
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
    return value ^ (value >> 31);
}

constexpr std::uint64_t next_random(std::uint64_t& state) {
    state += 0x9e3779b97f4a7c15u;
    return mix(state);
}

// The random state a thread starts with.
constexpr std::uint64_t random_state(std::uint64_t seed, std::uint64_t thread_ordinal) {
    return mix(seed) ^ mix(mix(thread_ordinal) + 1);
}

// ln x for a positive, normal x, with a relative error below 1e-15. x = m 2^e with m in [1/sqrt 2,
// sqrt 2) and ln m = 2 (s + s^3/3 + s^5/5 + ...) where s = (m - 1)/(m + 1), |s| <= 0.172: the first
// term left out is s^23/23 < 1e-18.
constexpr double natural_log(double x) {
    constexpr double ln_2 = 0.693147180559945309417;
    constexpr double sqrt_2 = 1.41421356237309504880;
    const auto bits = std::bit_cast<std::uint64_t>(x);
    int exponent = static_cast<int>(bits >> 52) - 1023;
    double m = std::bit_cast<double>((bits & 0x000fffffffffffffu) | 0x3ff0000000000000u);
    if (m >= sqrt_2) {
        m /= 2;
        ++exponent;
    }
    const double s = (m - 1) / (m + 1);
    double series = 0;
    for (int power = 21; power >= 1; power -= 2) series = series * (s * s) + 1.0 / power;
    return exponent * ln_2 + 2 * s * series;
}

// ln(1 - 1/rate) for rate >= 2. Where 1 - 1/rate would round, the first terms of its series say
// more.
constexpr double log_of_not_sampled(std::uint64_t rate) {
    const double p = 1.0 / static_cast<double>(rate);
    if (rate < 1u << 20) return natural_log(1.0 - p);
    return -p * (1.0 + p * (0.5 + p / 3));
}

// The distance to the next sample, in allocations: 1 means the very next one.
constexpr std::uint64_t next_gap(std::uint64_t& state, std::uint64_t rate) {
    if (rate <= 1) return 1;
    const double uniform = static_cast<double>((next_random(state) >> 11) + 1) * 0x1p-53;
    return 1 + static_cast<std::uint64_t>(natural_log(uniform) / log_of_not_sampled(rate));
}

}  // namespace leakcheck::sampler
