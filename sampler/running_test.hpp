// SPDX-License-Identifier: Apache-2.0
//
// Which test is running, as far as the sampling decisions want to know it: from the image's cell. A
// process without one is in one test all the time. Async-signal-safe and thread-safe.
#pragma once

#include <cstdint>

#include "sampler/cell.hpp"

namespace leakcheck::sampler {

struct RunningTest {
    std::uint32_t epoch;  // rises whenever another test, or what is around tests, has its turn
    std::uint64_t seed;   // follows from the name of the test
};

[[gnu::always_inline]] inline std::uint32_t running_epoch() {
    const volatile leakcheck_cell* const cell = current_cell.load(std::memory_order_acquire);
    return cell != nullptr ? LEAKCHECK_TURN_EPOCH(cell->turn) : 0;
}

// The seed is told before the turn that it belongs to.
inline RunningTest running_test() {
    const volatile leakcheck_cell* const cell = current_cell.load(std::memory_order_acquire);
    if (cell == nullptr) return {0, 0};
    for (;;) {
        const std::uint64_t turn = cell->turn;
        const std::uint64_t seed = cell->turn_seed;
        if (cell->turn == turn) return {LEAKCHECK_TURN_EPOCH(turn), seed};
    }
}

}  // namespace leakcheck::sampler
