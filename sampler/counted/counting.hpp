// SPDX-License-Identifier: Apache-2.0
//
// Counting: every block has a record in the table of this image, from its allocation to its release,
// without a trap at either. What traps are the first allocations of each calling context, for the
// sake of a stack. Where blocks are sampled, samples are counted in the same way, and nothing else
// is (counted/samples.hpp).
//
//   allocation  the turn is the one last seen, the path is remembered: the record is written
//               otherwise (slow): the process or thread is new, somebody else's turn has come, or the
//               path must be followed, its context found, and perhaps traced
//   release     the record is wiped
//
// Nothing here allocates, locks, prints or changes errno; thread-safe and async-signal-safe. A thread
// adds to its totals by plain additions, of which a signal handler that comes in between may undo one.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sampler/cell.hpp"
#include "sampler/counted/call_path.hpp"
#include "sampler/counted/return_sites.hpp"
#include "sampler/counted/table.hpp"
#include "sampler/random.hpp"
#include "sampler/thread_state.hpp"

namespace leakcheck::sampler::counted {

[[gnu::visibility("hidden")]] extern constinit PathCache paths;
[[gnu::visibility("hidden")]] extern constinit ReturnSites return_sites;

// Null in an image that does not count every block.
[[gnu::visibility("hidden")]] extern constinit std::atomic<ProcessMemory*> memory_of_all;
// Null in an image that does not count its samples.
[[gnu::visibility("hidden")]] extern constinit std::atomic<ProcessMemory*> memory_of_samples;

[[gnu::always_inline]] inline ProcessMemory* memory() {
    return memory_of_all.load(std::memory_order_acquire);
}

// Null in an image that has no table.
inline ProcessMemory* any_memory() {
    ProcessMemory* const all = memory();
    return all != nullptr ? all : memory_of_samples.load(std::memory_order_acquire);
}

// After the image's first hello: it counts if it has been given a table. What it has not, it traces.
void begin_counting(long table);
// Addresses have come, or will come, to mean other code.
void forget_code();
// The process is a copy that takes the census: its releases are to be told, whatever is released.
void enter_census();
// The in-test API has recorded a block as a known leak.
void mark_known(const void* block);

// The slow half of count(). False: the process has no table, and the block is not counted.
bool count_slowly(ThreadState& thread, ProcessMemory& memory, void* block, std::size_t size,
                  const void* frame, std::uint64_t weight);
// For a thread that has not allocated yet, or in another's turn.
void settle_thread(ThreadState& thread);
// The same while the block to be released is still among the live ones.
void settle_before_release(ThreadState& thread);
// A block where no region is: nobody's, or one that a forked child has inherited. Returns 0.
std::uint64_t take_elsewhere(const void* block);
void tell_missed_free();

// Adds what a thread has added up to its owner's total, and tells the others of its live bytes.
void tell_total(leakcheck_thread_total& total);

inline __s64 untold_bytes(const leakcheck_thread_total& total) {
    return static_cast<__s64>(total.bytes - total.freed_bytes);
}

[[gnu::always_inline]] inline void add_allocated(leakcheck_thread_total& total, std::size_t size) {
    total.blocks += 1;
    total.bytes += size;
    total.live_bytes += static_cast<__s64>(size);
    if (total.live_bytes <= total.peak_bytes) return;
    total.peak_bytes = total.live_bytes;
    if (untold_bytes(total) > LEAKCHECK_TOTAL_SLACK) tell_total(total);
}

[[gnu::always_inline]] inline void add_freed(leakcheck_thread_total& total, std::size_t size) {
    total.freed_blocks += 1;
    total.freed_bytes += size;
    total.live_bytes -= static_cast<__s64>(size);
}

[[gnu::always_inline]] inline void write_record(Record& record, std::uint64_t value) {
    if (record.load(std::memory_order_relaxed) != 0) [[unlikely]]
        tell_missed_free();
    record.store(value, std::memory_order_relaxed);
}

// Accounts of one path differ by weight: what is remembered of one is not to be found by another.
[[gnu::always_inline]] inline std::uint64_t path_key(const ThreadState& thread,
                                                     const std::uint64_t* frame,
                                                     std::uint64_t weight) {
    return PathCache::key_of(
        frame, thread.path_salt + return_sites.generation() + mix(weight - LEAKCHECK_WEIGHT_ONE));
}

// Whose turn it is, by the cell; only in a process that counts.
[[gnu::always_inline]] inline std::uint64_t turn_now() {
    return current_cell.load(std::memory_order_relaxed)->turn;
}

// `weight`: of weight_of_*, see sampling.hpp. False: the process has no table after all.
[[gnu::always_inline]] inline bool count(ThreadState& thread, ProcessMemory& memory, void* block,
                                         std::size_t size, const void* frame,
                                         std::uint64_t weight = LEAKCHECK_WEIGHT_ONE) {
    const auto address = reinterpret_cast<std::uintptr_t>(block);
    Record* const region = region_of(memory, address);
    if (region == nullptr || thread.turn != turn_now()) [[unlikely]]
        return count_slowly(thread, memory, block, size, frame, weight);
    const auto* const words = static_cast<const std::uint64_t*>(frame);
    const std::uint64_t key = path_key(thread, words, weight);
    const std::uint32_t account = paths.find(key, words);
    if (account == 0 || size > LEAKCHECK_RECORD_SIZE_MASK) [[unlikely]]
        return count_slowly(thread, memory, block, size, frame, weight);
    write_record(record_in(region, address), LEAKCHECK_RECORD(account, size));
    add_allocated(*thread.total, size);
    return true;
}

// Takes the record of a block away and returns it; 0: it has none.
[[gnu::always_inline]] inline std::uint64_t take_record(ThreadState& thread,
                                                        const ProcessMemory& memory,
                                                        const void* block) {
    const auto address = reinterpret_cast<std::uintptr_t>(block);
    Record* const region = region_of(memory, address);
    if (region == nullptr) [[unlikely]]
        return take_elsewhere(block);
    Record& record = record_in(region, address);
    const std::uint64_t value = record.load(std::memory_order_relaxed);
    if (value == 0) return 0;
    if (thread.turn != turn_now()) [[unlikely]]
        settle_before_release(thread);
    record.store(0, std::memory_order_relaxed);
    add_freed(*thread.total, value & LEAKCHECK_RECORD_SIZE_MASK);
    if (untold_bytes(*thread.total) < -LEAKCHECK_TOTAL_SLACK) [[unlikely]]
        tell_total(*thread.total);
    return value;
}

// Undoes take_record().
void put_record_back(ThreadState& thread, const ProcessMemory& memory, const void* block,
                     std::uint64_t record);

}  // namespace leakcheck::sampler::counted
