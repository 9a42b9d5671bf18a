// SPDX-License-Identifier: Apache-2.0
//
// Whether an allocation is sampled, as the thread that makes it decides; sampling.hpp has the
// formulas. Decisions follow from the program's allocations, the seed of the run, the name of the
// running test and the thread's ordinal in it: neither the order of tests nor where things were
// loaded changes them. With auto-rate they follow from the time as well.
//
// Nothing here allocates, locks or changes errno or the state of the floating point unit;
// thread-safe and async-signal-safe. A signal handler that interrupts a decision makes its own: the
// interrupted one may end a gap or draw a number a second time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sampler/config.hpp"
#include "sampler/contexts.hpp"
#include "sampler/main_program.hpp"
#include "sampler/running_test.hpp"
#include "sampler/thread_state.hpp"

namespace leakcheck::sampler {

inline constexpr std::uint64_t not_sampled = 0;  // no weight at all

[[gnu::visibility("hidden")]] extern constinit ContextTable contexts;

// The slow halves of decide(). All but the first return a weight, or not_sampled.
void begin_test(ThreadState& thread, const void* frame);
std::uint64_t end_gap(ThreadState& thread, std::size_t stratum, std::size_t size);
std::uint64_t decide_by_size(ThreadState& thread, std::size_t size);
std::uint64_t sample_context(ThreadState& thread, std::size_t context, std::uint64_t limit);

// The epoch that a thread's state has in the running test: never 0.
[[gnu::always_inline]] inline std::uint32_t current_epoch() {
    return running_test().epoch + 1;
}

[[gnu::always_inline]] inline std::size_t context_of(const ThreadState& thread, const void* frame) {
    const auto* const words = static_cast<const std::uintptr_t*>(frame);
    const auto height = reinterpret_cast<std::uintptr_t>(frame) - thread.first_frame;
    return context_number(code_position(words[1]), height);
}

// Of an allocation of `size` bytes by the interposed function with this frame address: its weight,
// or not_sampled. Every allocation is decided about once.
[[gnu::always_inline]] inline std::uint64_t decide(ThreadState& thread, std::size_t size,
                                                   const void* frame) {
    if (thread.epoch != current_epoch()) [[unlikely]]
        begin_test(thread, frame);
    switch (leakcheck_config_record.mode) {
        case LEAKCHECK_MODE_ADAPTIVE: {
            const std::size_t context = context_of(thread, frame);
            const std::uint64_t limit = contexts.limit(context, thread.epoch);
            if (quick_draw(thread.random) > limit) [[likely]]
                return not_sampled;
            return sample_context(thread, context, limit);
        }
        case LEAKCHECK_MODE_BYTES:
        case LEAKCHECK_MODE_STRATA:
            return decide_by_size(thread, size);
        default:
            if (passes_gap(thread.countdown[0], 1)) [[likely]]
                return not_sampled;
            return end_gap(thread, 0, size);
    }
}

}  // namespace leakcheck::sampler
