// SPDX-License-Identifier: Apache-2.0
//
// How often each calling context is sampled in the mode `adaptive`. A context is a hash of the
// return address into the allocating code and of the height of the stack. The first allocations of
// a context in a test are certain to be sampled; after every K samples the probability halves, down
// to 1 in N.
//
// A context has a word: the epoch of the test in its upper half, the threshold of the draw in its
// lower one. Only a sample changes it, so an allocation that is not sampled costs a load, a draw and
// a comparison, and no two processors fight for a cache line. A word of another epoch is as good as
// none. Two contexts that share a word are sampled as one; and two threads that sample at once may
// count one sample for two or begin a context twice. Neither is a bias: the probability of an
// allocation is that of the threshold which its own draw was held against.
//
// Thread-safe and async-signal-safe: relaxed atomics, every value of which is valid. A forked child
// goes on with a copy.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "sampler/sampling.hpp"

namespace leakcheck::sampler {

// The threshold of half the probability, but not below `lowest`.
constexpr std::uint32_t halved(std::uint32_t threshold, std::uint32_t lowest) {
    const auto half = static_cast<std::uint32_t>((std::uint64_t{threshold} + 1) / 2 - 1);
    return threshold <= lowest || half <= lowest ? lowest : half;
}

// `code` and `height` do not depend on where things were loaded.
constexpr std::size_t context_number(std::uint64_t code, std::uint64_t height) {
    const std::uint64_t both = code * 0x9e3779b97f4a7c15u ^ height;
    return (both ^ both >> 29) * 0xbf58476d1ce4e5b9u >> 48;
}

class ContextTable {
  public:
    static constexpr std::size_t size = 1u << 16;

    // What a draw of 32 bits is held against, for the epoch given: a threshold, or more than any
    // draw when the word is of another epoch. Epochs begin with 1, so that zeroed memory is valid.
    [[gnu::always_inline]] std::uint64_t limit(std::size_t context, std::uint32_t epoch) const {
        return words_[context].load(std::memory_order_relaxed) - begin_of(epoch);
    }

    // To be called for an allocation that is sampled, with the limit its draw was held against.
    // Returns the threshold that the limit stands for. `first_samples`: K.
    std::uint32_t count_sample(std::size_t context, std::uint32_t epoch, std::uint64_t limit,
                               std::uint32_t first_samples, std::uint32_t lowest) {
        std::uint32_t threshold = certain;
        std::uint64_t word = begin_of(epoch) + certain;
        if (limit > certain) {
            words_[context].store(word, std::memory_order_relaxed);
            samples_[context].store(0, std::memory_order_relaxed);
        } else {
            threshold = static_cast<std::uint32_t>(limit);
            word = begin_of(epoch) + threshold;
        }
        if (samples_[context].fetch_add(1, std::memory_order_relaxed) + 1 < first_samples)
            return threshold;
        samples_[context].store(0, std::memory_order_relaxed);
        words_[context].compare_exchange_strong(word, begin_of(epoch) + halved(threshold, lowest),
                                                std::memory_order_relaxed);
        return threshold;
    }

  private:
    static constexpr std::uint64_t begin_of(std::uint32_t epoch) {
        return std::uint64_t{epoch} << 32;
    }

    std::array<std::atomic<std::uint64_t>, size> words_{};
    std::array<std::atomic<std::uint32_t>, size> samples_{};  // at the present threshold
};

}  // namespace leakcheck::sampler
