// SPDX-License-Identifier: Apache-2.0
//
// The sampler's side of the table of this image's blocks (abi/counted_table.h): mapping it, finding
// a block's record, and letting go of it in a forked child, whose blocks are none of its parent's
// business.
//
// What finds the table lies in memory that the kernel wipes in a forked child (MADV_WIPEONFORK): a
// child sees no record of its parent's, and asks for a table of its own when it allocates first. The
// table itself is not passed on to children at all (MADV_DONTFORK). A vfork child, which shares the
// memory, shares the table as well.
//
// System calls only: no heap, no locks, errno untouched; async-signal-safe and thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "abi/counted_table.h"

namespace leakcheck::sampler::counted {

using Record = std::atomic<std::uint64_t>;

enum class Phase : std::uint32_t {
    fresh = 0,     // of a process that has not asked for a table yet
    greeting = 1,  // a thread is asking for it
    counting = 2,
    failed = 3,  // it has none, and will not have one
};

// Wiped in a forked child.
struct ProcessMemory {
    std::atomic<Phase> phase;
    alignas(4096) std::array<std::atomic<Record*>, LEAKCHECK_REGION_SLOTS> regions;
};

// Reserves the memory, once for an image. Null: there is none, or the program's address space is
// limited: it may need what the table would take of it.
ProcessMemory* reserve_process_memory();

// Maps the table behind a descriptor. False: it cannot.
bool open_table(long descriptor);

// Only while the process counts.
leakcheck_table_head& head();
leakcheck_thread_total& thread_total(std::uint32_t thread);
leakcheck_owner_total* owner_total(std::uint32_t owner);  // null: beyond what the table holds
unsigned char* table_memory();                            // its start

inline bool can_have_record(std::uintptr_t address) {
    return address >> LEAKCHECK_ADDRESS_BITS == 0;
}

// The records of the region that an address lies in, or null: none has been made there yet.
[[gnu::always_inline]] inline Record* region_of(const ProcessMemory& memory,
                                                std::uintptr_t address) {
    if (!can_have_record(address)) [[unlikely]]
        return nullptr;
    return memory.regions[address >> LEAKCHECK_REGION_SHIFT].load(std::memory_order_acquire);
}

[[gnu::always_inline]] inline Record& record_in(Record* region, std::uintptr_t address) {
    return region[LEAKCHECK_RECORD_INDEX(address)];
}

// Makes the region if it is not there. Null: there is no room (more regions than the table has, or
// no address space).
Record* add_region(ProcessMemory& memory, std::uintptr_t address);

}  // namespace leakcheck::sampler::counted
