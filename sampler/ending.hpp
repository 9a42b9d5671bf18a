// SPDX-License-Identifier: Apache-2.0
//
// The end of a process, or of a test, seen from inside: the process waits until the runner has looked at what its
// memory points to, which tells leaked blocks from those that are merely still in use. The runner stops the
// process for that, but other threads may go on until then and after it.
//
// That a test has ended is seen by the first thread that allocates or frees after it.
// System calls only: no heap, no locks, errno untouched; async-signal-safe.
#pragma once

#include <atomic>
#include <cstdint>

#include "sampler/config.hpp"
#include "sampler/thread_state.hpp"

namespace leakcheck::sampler {

// To be called when everything that frees has run; once, later calls do nothing. Not in a vfork child, whose
// memory is its parent's, and not where no block is live. Waits LEAKCHECK_ENDING_TIMEOUT_MS at most, and not
// for a runner that is gone.
// `stack`: where the caller's own part of the stack begins, in which it has put its callers' registers.
// What is below it is not looked at: the sampler's frames may have left-overs of the program in them.
void show_ending(const void* stack);

// LEAKCHECK_TURN of the last call of show_turn().
[[gnu::visibility("hidden")]] extern constinit std::atomic<std::uint64_t> shown_turn;

void show_end_of_turn(std::uint64_t turn);

// To be called with the turn that it is now, while every block that is live can be found in the table that it
// belongs to. Not while a block moves: what only the block points to would seem to be leaked.
[[gnu::always_inline]] inline void show_turn(const ThreadState& thread, std::uint64_t turn) {
    if (leakcheck_config_record.shows_ending != LEAKCHECK_SHOWS_ENDS_OF_TESTS) [[likely]]
        return;
    if (thread.moving == 0 && shown_turn.load(std::memory_order_relaxed) != turn)
        show_end_of_turn(turn);
}

}  // namespace leakcheck::sampler
