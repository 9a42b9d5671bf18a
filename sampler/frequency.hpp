// SPDX-License-Identifier: Apache-2.0
//
// How often the process allocates, for the mode `auto-rate`: looked at only when a sample is drawn,
// over windows of a fiftieth of a second or longer. One for the process.
//
// Thread-safe and async-signal-safe; a count that comes between the end of one window and the
// beginning of the next is in one of them or lost. That changes a later rate, never the probability
// of a sample, which is that of the rate its own gap was drawn for.
#pragma once

#include <atomic>
#include <cstdint>

#include "sampler/sampling.hpp"

namespace leakcheck::sampler {

class AllocationFrequency {
  public:
    static constexpr std::uint64_t window_ns = 20'000'000;

    // The rate for the next gap. Before the first window has ended: that of a quiet program.
    std::uint64_t rate() const { return rate_.load(std::memory_order_relaxed); }

    // `allocations` more were made until now.
    void add(std::uint64_t allocations, std::uint64_t now_ns) {
        const std::uint64_t sum =
            allocations_.fetch_add(allocations, std::memory_order_relaxed) + allocations;
        std::uint64_t begin = begin_ns_.load(std::memory_order_relaxed);
        if (now_ns < begin + window_ns) return;
        if (!begin_ns_.compare_exchange_strong(begin, now_ns, std::memory_order_relaxed)) return;
        allocations_.fetch_sub(sum, std::memory_order_relaxed);
        if (begin == 0) return;  // a window whose beginning is not known
        const double seconds = static_cast<double>(now_ns - begin) * 1e-9;
        rate_.store(
            rate_for_frequency(static_cast<std::uint64_t>(static_cast<double>(sum) / seconds)),
            std::memory_order_relaxed);
    }

  private:
    std::atomic<std::uint64_t> allocations_{0};  // in this window
    std::atomic<std::uint64_t> begin_ns_{0};     // of this window
    std::atomic<std::uint64_t> rate_{rate_for_frequency(0)};
};

}  // namespace leakcheck::sampler
