// SPDX-License-Identifier: Apache-2.0
//
// How to get from a frame to its caller's, by the return address into it: what walks in the kernel
// have shown (abi/leakcheck_abi.h, "Walk"). With it the sampler follows a call chain by itself, in a
// few nanoseconds a frame, without unwind tables.
//
// A fixed table of buckets; a bucket that is full takes nothing more, and chains through such a site
// are followed no further. Sites are void, all at once, when a library goes: its addresses may come
// to mean other code. Lock-free, async-signal-safe, thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "abi/leakcheck_abi.h"

namespace leakcheck::sampler::counted {

class ReturnSites {
  public:
    // Steps are LEAKCHECK_STEP_*; besides:
    static constexpr std::uint32_t unknown = 0;  // never seen
    static constexpr std::uint32_t no_step = 1;  // seen, and there is no simple step from there

    std::uint32_t find(std::uint64_t address) const {
        const std::uint64_t key = key_of(address);
        for (const Site& site : bucket(address))
            if (site.key.load(std::memory_order_acquire) == key)
                return site.step.load(std::memory_order_relaxed);
        return unknown;
    }

    // What is known already stays.
    void learn(std::uint64_t address, std::uint32_t step);
    // Forgets everything.
    void clear();

    // Rises at each clear(): what was found out before may be wrong now.
    std::uint32_t generation() const { return generation_.load(std::memory_order_acquire); }

  private:
    struct Site {
        std::atomic<std::uint64_t> key;  // 0: free
        std::atomic<std::uint32_t> step;
    };
    static constexpr std::size_t bucket_size = 4;
    static constexpr int bucket_bits = 14;
    using Bucket = std::array<Site, bucket_size>;
    static constexpr std::uint64_t being_written = ~std::uint64_t{0};

    // Sites of earlier generations have other keys. Addresses have 47 bits.
    std::uint64_t key_of(std::uint64_t address) const {
        return address | std::uint64_t{generation() + 1} << 48;
    }
    static std::size_t index(std::uint64_t address) {
        return address * 0x9e3779b97f4a7c15u >> (64 - bucket_bits);
    }
    const Bucket& bucket(std::uint64_t address) const { return buckets_[index(address)]; }
    Bucket& bucket(std::uint64_t address) { return buckets_[index(address)]; }
    bool take(Site& site, std::uint64_t key, std::uint32_t step);

    std::array<Bucket, std::size_t{1} << bucket_bits> buckets_{};
    std::atomic<std::uint32_t> generation_{0};
};

}  // namespace leakcheck::sampler::counted
