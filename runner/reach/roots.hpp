// SPDX-License-Identifier: Apache-2.0
//
// Where a stopped process keeps its own data: the memory, and the words beside it, from which a block must be
// reached to count as reachable.
//
//   roots      writable data of all loaded objects with their .bss; memory that was written and then made read-only
//              each thread's registers; its stack from 128 bytes below the stack pointer on (the red zone of the x86-64
//              ABI); all of its stack where it runs on another one, as in signal handlers with sigaltstack and
//              in coroutines; static TLS and dtv
//              all other memory that is no allocator's heap: mmap pools, stacks of coroutines, shared memory
//   no roots   heaps: [heap], glibc's arenas and mapped chunks; of anonymous memory that holds blocks of another
//              allocator those 2 MiB in which they are: neighbours in one mapping need not be its own
//              live blocks wherever they are: their contents count through marking
//              stacks below the red zone; the stacks of threads that have ended (ended_threads.hpp); of the first
//              thread's, if it has ended, all but the process's arguments and environment
//              what the caller says is to be ignored; devices and what the kernel lends (memory_kinds.hpp)
//
// Not known are other allocators' records of what they have given out: where these point to the start of a block, as
// jemalloc's do for the first block of a run, it counts as reachable.
//
// Thread safety: free functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runner/reach/address_ranges.hpp"
#include "runner/reach/live_block_index.hpp"
#include "runner/reach/memory.hpp"
#include "runner/reach/root_places.hpp"
#include "runner/reach/tracee.hpp"
#include "runner/trace/process_maps.hpp"

namespace leakcheck::reach {

struct RootInput {
    const std::vector<ProcessMap>* maps = nullptr;
    const std::vector<ThreadState>* threads = nullptr;
    const LiveBlockIndex* blocks = nullptr;
    const Memory* memory = nullptr;
    const AddressRanges* written = nullptr;  // where there is something to read
    // Below this the main stack is nobody's, since the first thread has ended; 0: it has not.
    std::uint64_t dead_main_stack = 0;
    // Memory of no concern: objects whose path begins so, with their .bss, and mappings; and ranges.
    std::vector<std::string> ignored_paths;
    AddressRanges ignored_ranges;
    // Where not 0: a thread waits for this look at it. Its stack below this address and its registers are
    // its waiting's, and may have left-overs in them.
    std::uint64_t ending_stack = 0;
    std::uint64_t program = 0;  // an address in the program itself, which is an object; 0: unknown
    int first_thread = 0;       // its id
    // Where only some blocks are known, what the others hold is looked at like the program's own data.
    bool heaps_are_roots = false;
};

// A word that is not in the memory to be scanned, or that stands for one that is.
struct RootWord {
    std::uint64_t value = 0;
    std::uint64_t where =
        0;  // its address; of a register: the thread's id, which no mapped address is as low as

    bool operator==(const RootWord&) const = default;
};

struct Roots {
    AddressRanges ranges;  // only what is written
    std::vector<RootWord> words;
    RootPlaces places;  // what all these are
};

Roots find_roots(const RootInput& input);

}  // namespace leakcheck::reach
