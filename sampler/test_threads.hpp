// SPDX-License-Identifier: Apache-2.0
//
// The ordinals of threads in a test: 1 for the first one that allocates in it. Thread-safe,
// async-signal-safe.
#pragma once

#include <atomic>
#include <cstdint>

namespace leakcheck::sampler {

class TestThreads {
  public:
    // A thread that comes late, with the epoch of a test that is over, counts for the new one.
    std::uint32_t next(std::uint32_t epoch) {
        std::uint64_t seen = last_.load(std::memory_order_relaxed);
        std::uint64_t mine = 0;
        do {
            const bool is_newer = static_cast<std::int32_t>(epoch - (seen >> 32)) > 0;
            mine = is_newer ? (std::uint64_t{epoch} << 32) + 1 : seen + 1;
        } while (!last_.compare_exchange_weak(seen, mine, std::memory_order_relaxed));
        return static_cast<std::uint32_t>(mine);
    }

  private:
    std::atomic<std::uint64_t> last_{0};  // epoch << 32 | ordinal
};

}  // namespace leakcheck::sampler
