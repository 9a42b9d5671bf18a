// SPDX-License-Identifier: Apache-2.0
//
// What happens around a forwarded call: which allocations are traced, what is remembered of them,
// and in which order the probes fire.
//
//   allocation  real call; counted (counted/counting.hpp), or, when the sampling decides so: recorded
//               (counted/samples.hpp), or into the table of live blocks and fire alloc
//   free        record away, or out of the table and fire free; real call
//   realloc     out of the table; real call; on failure back into the table, without a word; on
//               success fire free for the old block and decide about the new one like about any.
//
// Since realloc's real call comes first, another thread may be handed the old address, and fire
// alloc for it, before the old block's free is fired: the serials tell the two apart.
//
// An operator new that calls malloc is one allocation. The outermost interposed function counts,
// with the size it was asked for and its caller; it leaves its frame address in the thread's guard,
// and functions with a lower one (the stack grows down) only forward. When an exception unwinds the
// outermost frame, LEAKCHECK_UNWINDS_GUARD resets the guard; when something else skips it
// (longjmp), the guard is stale, and the next interposed call from that height of the stack or
// above sees so and replaces it.
//
// Nothing here allocates, locks, prints or changes errno; all of it is thread-safe and
// async-signal-safe.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sampler/config.hpp"
#include "sampler/counted/counting.hpp"
#include "sampler/live_table.hpp"
#include "sampler/thread_state.hpp"

// In the body of an interposed function whose real call may throw: names the routine that the
// unwinder calls for this frame (encoding 0x1b: relative, 4 bytes). It needs neither libgcc_s nor
// libstdc++, for it asks nothing of them.
#define LEAKCHECK_UNWINDS_GUARD() __asm__ volatile(".cfi_personality 0x1b, leakcheck_reset_guard")

namespace leakcheck::sampler {

// The slow half of release().
void forget(const void* block);

// What is known of a block: its serial if it is traced, its record if it has one, or neither.
struct TakenOut {
    std::uint64_t serial;
    std::uint64_t record;
};

// For realloc: `take_out` says nothing of a traced block.
TakenOut take_out(ThreadState& thread, const void* block);
void put_back(ThreadState& thread, const void* block, TakenOut taken);
// Between these what was taken out is live, though no list has it.
void begin_move(ThreadState& thread, TakenOut taken);
void end_move(ThreadState& thread, TakenOut taken);
void tell_free(const void* block, std::uint64_t serial);

// False: certainly no block that is known of is live.
bool may_have_live_blocks();

// In a census the process is a copy, and what is freed there is what the C library kept.
void enter_census();

// Counts or traces a new block, or neither. Not inlined: the registers that it needs are so many that
// to save them in each interposed function would cost more than the call.
void consider(ThreadState& thread, void* block, std::size_t size, const void* frame);

class Guard {
  public:
    [[gnu::always_inline]] Guard(ThreadState& thread, const void* frame) : thread_(thread) {
        thread_.guard = reinterpret_cast<std::uintptr_t>(frame);
    }
    [[gnu::always_inline]] ~Guard() { thread_.guard = 0; }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

    [[gnu::always_inline]] static bool covers(const ThreadState& thread, const void* frame) {
        return reinterpret_cast<std::uintptr_t>(frame) < thread.guard;
    }

  private:
    ThreadState& thread_;
};

// `call` makes the real allocation; `frame` is the frame address of the interposed function.
template <typename Call>
[[gnu::always_inline]] inline void* allocate(std::size_t size, const void* frame, Call call) {
    ThreadState& thread = thread_state;
    if (Guard::covers(thread, frame)) return call();
    void* block = nullptr;
    {
        const Guard guard(thread, frame);
        block = call();
    }
    if (block != nullptr) [[likely]]
        consider(thread, block, size, frame);
    return block;
}

// `call` makes the real reallocation of `old` to `size` bytes; it fails with null, except that null
// for size 0 means freed.
template <typename Call>
[[gnu::always_inline]] inline void* reallocate(void* old, std::size_t size, const void* frame,
                                               Call call) {
    ThreadState& thread = thread_state;
    if (Guard::covers(thread, frame)) return call();
    const TakenOut taken = take_out(thread, old);
    begin_move(thread, taken);
    void* block = nullptr;
    {
        const Guard guard(thread, frame);
        block = call();
    }
    if (block == nullptr && size != 0) {
        put_back(thread, old, taken);
    } else {
        if (taken.serial != LiveTable::no_serial) tell_free(old, taken.serial);
        if (block != nullptr) consider(thread, block, size, frame);
    }
    end_move(thread, taken);
    return block;
}

// To be called before the real free.
[[gnu::always_inline]] inline void release(const void* block) {
    if (const counted::ProcessMemory* const memory = counted::memory();
        memory != nullptr && counted::take_record(thread_state, *memory, block) != 0)
        return;
    if (live_blocks.may_hold(block)) [[unlikely]]
        forget(block);
}

}  // namespace leakcheck::sampler
