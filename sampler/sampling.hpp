// SPDX-License-Identifier: Apache-2.0
//
// Which allocations are sampled. In every mode an allocation is sampled with a probability pi that
// is known at that moment and depends on nothing but what came before; its weight is 1/pi. What is
// estimated from weights is unbiased then, whatever the program does (docs/sampling.md).
//
// By gaps. Drawing a random number for every allocation would be slow, so what is drawn is the
// distance from one sample to the next, in units: allocations, or bytes. With probability p a unit
// the distance G is geometric,
//
//     P(G > k) = (1 - p)^k    for k = 0, 1, ...
//
// and a unit that is not sampled costs a decrement. G comes by inversion from one number U, uniform
// on (0, 1]:
//
//     G = 1 + floor(ln U / ln(1 - p))
//
// for G > k exactly when U <= (1 - p)^k. U has 53 random bits, so gaps end at 36.7/p, where a
// probability of 1e-16 is cut off. The distribution has no memory: it does not matter where a
// thread starts, nor when it skips a sample (in an untracked scope, say), nor when a gap is thrown
// away for another one.
//   1 in N      a unit is an allocation, p = 1/N: pi = 1/N.
//   bytes:T     a unit is a byte, p = 1 - e^(-1/T): points thrown on the bytes by a Poisson process
//               of density 1/T. A block of s bytes is sampled when a point falls on it: its first
//               s units, pi = 1 - (1 - p)^s = 1 - e^(-s/T). A block of no bytes counts as one byte.
//
//   strata      as 1 in N, with gaps of its own for each class of sizes.
//   auto-rate   as 1 in N; N is settled when a gap is drawn, and is the weight of the sample that
//               ends it.
//
// By draws. Where pi changes from one allocation to the next (adaptive), 32 random bits are held
// against a threshold t: sampled when they are at most t, so pi = (t + 1)/2^32, which is also what
// the weight is made from. Exact for pi = 1 (all ones).
//
// Weights are fixed point, LEAKCHECK_WEIGHT_SHIFT fraction bits, rounded to nearest. Pure functions;
// those of real numbers want the default rounding mode.
#pragma once

#include <cstdint>

#include "abi/leakcheck_abi.h"
#include "sampler/random.hpp"
#include "sampler/real_functions.hpp"

namespace leakcheck::sampler {

// ln(1 - 1/rate) for rate >= 2. Where 1 - 1/rate would round, the first terms of its series say
// more.
constexpr double log_of_not_sampled(std::uint64_t rate) {
    const double p = 1.0 / static_cast<double>(rate);
    if (rate < 1u << 20) return natural_log(1.0 - p);
    return -p * (1.0 + p * (0.5 + p / 3));
}

constexpr std::uint64_t gap_by_inversion(std::uint64_t& state, double log_of_not_sampled) {
    const double uniform = static_cast<double>((next_random(state) >> 11) + 1) * 0x1p-53;
    return 1 + static_cast<std::uint64_t>(natural_log(uniform) / log_of_not_sampled);
}

// Whether so many units end before the gap does; then they are taken off it. Otherwise what they
// belong to is sampled, and a new gap is to be drawn.
constexpr bool passes_gap(std::uint64_t& countdown, std::uint64_t units) {
    if (countdown <= units) return false;
    countdown -= units;
    return true;
}

// ---- 1 in N ---------------------------------------------------------------------------------------

// The distance to the next sample, in allocations: 1 means the very next one.
constexpr std::uint64_t next_gap(std::uint64_t& state, std::uint64_t rate) {
    return rate <= 1 ? 1 : gap_by_inversion(state, log_of_not_sampled(rate));
}

constexpr std::uint64_t weight_of_rate(std::uint64_t rate) {
    return (rate > 1 ? rate : 1) << LEAKCHECK_WEIGHT_SHIFT;
}

// ---- bytes:T --------------------------------------------------------------------------------------

constexpr std::uint64_t units_in_bytes(std::uint64_t size) {
    return size != 0 ? size : 1;
}

// The distance to the next sampled byte: 1 means the very next one.
constexpr std::uint64_t next_gap_in_bytes(std::uint64_t& state, std::uint64_t mean) {
    return gap_by_inversion(state, -1.0 / static_cast<double>(mean));
}

constexpr double probability_of_size(std::uint64_t size, std::uint64_t mean) {
    return one_minus_exp(static_cast<double>(units_in_bytes(size)) / static_cast<double>(mean));
}

constexpr std::uint64_t weight_of_size(std::uint64_t size, std::uint64_t mean) {
    constexpr double two = 2.0 * LEAKCHECK_WEIGHT_ONE;
    const auto twice = static_cast<std::uint64_t>(two / probability_of_size(size, mean));
    return (twice + 1) / 2;
}

// ---- Draws against a threshold ----------------------------------------------------------------------

inline constexpr std::uint32_t certain = ~std::uint32_t{0};

// Of a rate of 1 to 2^32.
constexpr std::uint32_t threshold_of_rate(std::uint64_t rate) {
    const std::uint64_t all = std::uint64_t{1} << 32;
    return static_cast<std::uint32_t>((all + rate / 2) / rate - 1);
}

constexpr std::uint64_t weight_of_threshold(std::uint32_t threshold) {
    const std::uint64_t one = std::uint64_t{1} << (32 + LEAKCHECK_WEIGHT_SHIFT);
    const std::uint64_t share = std::uint64_t{threshold} + 1;
    return (one + share / 2) / share;
}

// ---- Strata ----------------------------------------------------------------------------------------

// The first stratum that the size is below; the last one takes all that is left.
template <typename Strata>
constexpr std::uint32_t stratum_of(const Strata& strata, std::uint32_t count, std::uint64_t size) {
    std::uint32_t i = 0;
    while (i + 1 < count && size >= strata[i].below) ++i;
    return i;
}

// ---- auto-rate -------------------------------------------------------------------------------------

// The rate for a program that makes so many allocations a second.
constexpr std::uint64_t rate_for_frequency(std::uint64_t allocations_per_second) {
    if (allocations_per_second < 1'000) return 100;
    if (allocations_per_second < 10'000) return 500;
    if (allocations_per_second < 50'000) return 1'000;
    return 2'000;
}

}  // namespace leakcheck::sampler
