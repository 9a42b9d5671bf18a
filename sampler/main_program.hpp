// SPDX-License-Identifier: Apache-2.0
//
// Where code stands, told in a way that does not depend on where the kernel loaded it. Thread-safe,
// async-signal-safe.
#pragma once

#include <atomic>
#include <cstdint>

namespace leakcheck::sampler {

// The memory of the main program; empty until find_main_program().
struct AddressRange {
    std::atomic<std::uintptr_t> begin;
    std::atomic<std::uintptr_t> size;  // bytes
};

[[gnu::visibility("hidden")]] extern constinit AddressRange main_program;

// Idempotent.
void find_main_program();

// In the main program: the distance from its beginning. Elsewhere: the place in the page, which is
// all that is the same from run to run. Libraries do not even keep their distances, as the kernel
// aligns large ones to huge pages.
[[gnu::always_inline]] inline std::uint64_t code_position(std::uintptr_t address) {
    constexpr std::uintptr_t page_mask = 0xfff;
    const std::uintptr_t distance = address - main_program.begin.load(std::memory_order_relaxed);
    const bool inside = distance < main_program.size.load(std::memory_order_relaxed);
    return inside ? distance : address & page_mask;
}

}  // namespace leakcheck::sampler
