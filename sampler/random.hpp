// SPDX-License-Identifier: Apache-2.0
//
// Random numbers of the sampling decisions. The state is the caller's, one per thread. Pure
// functions.
#pragma once

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

// 32 random bits at the price of a multiplication, for what is drawn at every allocation: the upper
// half of a linear congruential generator (multiplier from Steele, Vigna: "Computationally easy,
// spectrally good multipliers for congruential pseudorandom number generators", 2022).
constexpr std::uint32_t quick_draw(std::uint64_t& state) {
    state = state * 0xd1342543de82ef95u + 1;
    return static_cast<std::uint32_t>(state >> 32);
}

// The state with which a thread begins a test. `thread_ordinal` counts the threads of the test.
constexpr std::uint64_t random_state(std::uint64_t run_seed, std::uint64_t test_seed,
                                     std::uint64_t thread_ordinal) {
    return mix(run_seed) ^ mix(mix(test_seed) + 2) ^ mix(mix(thread_ordinal) + 1);
}

}  // namespace leakcheck::sampler
