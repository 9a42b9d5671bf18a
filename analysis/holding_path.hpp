// SPDX-License-Identifier: Apache-2.0
//
// What keeps a live block: the word of memory at which the program has a hold of it, and the blocks from
// there to it. Part of the snapshot: plain data, nothing in it refers to a live process.
//
// Units: sizes and offsets in bytes, addresses as the process saw them. Ownership: plain values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leakcheck {

// Ids are distinct types so that one cannot stand in for another. 0 means "none".
enum class StackId : std::uint64_t {};

// Where a path begins.
enum class RootKind {
    none,         // no path is known
    static_data,  // data of a loaded object: globals, static variables and members
    thread_data,  // thread-local storage of the program
    stack,        // of a thread
    registers,    // of a thread
    thread,  // what the C library keeps of a thread: pthread_setspecific, other thread-local storage
    memory,      // memory that the program has mapped by itself, and whatever else is mapped
    heap,        // of which not every block is known
    lost_block,  // the path's first block, which is definitely leaked
    ring,        // the path's last block, which points to its first: nothing else does
};

// What they are called in reports and recordings, in the order of the enumerators.
inline constexpr std::array<std::pair<RootKind, std::string_view>, 10> root_kind_names{{
    {RootKind::none, "none"},
    {RootKind::static_data, "static"},
    {RootKind::thread_data, "thread_local"},
    {RootKind::stack, "stack"},
    {RootKind::registers, "registers"},
    {RootKind::thread, "thread"},
    {RootKind::memory, "memory"},
    {RootKind::heap, "heap"},
    {RootKind::lost_block, "lost_block"},
    {RootKind::ring, "ring"},
}};

constexpr std::string_view root_kind_name(RootKind kind) {
    return root_kind_names[static_cast<std::size_t>(kind)].second;
}

// A variable, as far as symbols and debug information tell.
struct Variable {
    std::string name;          // demangled, with its scopes; empty if unknown
    std::string type;          // empty if unknown
    std::uint64_t offset = 0;  // of the word in it

    bool operator==(const Variable&) const = default;
};

struct HoldingRoot {
    RootKind kind = RootKind::none;
    std::uint64_t address = 0;  // of the word; 0 where it is none of memory
    std::uint32_t thread = 0;   // its id, as seen from leakcheck's PID namespace; 0: of no thread
    bool is_main_thread = false;
    std::string object;  // path of the ELF object, or of the file that is mapped; empty if none
    // static_data: in the object's own address space (as in objdump); thread_data: from the beginning of the
    // object's thread-local storage.
    std::uint64_t object_address = 0;
    Variable variable;  // of static_data and thread_data

    bool operator==(const HoldingRoot&) const = default;
};

// A block of a path. The word before it (the root, or one of the block before it) points to it.
struct HoldingBlock {
    std::uint64_t bytes = 0;
    std::uint64_t entered_at = 0;  // where in the block that word points; 0: to its beginning
    std::uint64_t pointer_at = 0;  // where in the block the word is that points to the next one
    StackId stack{};               // that allocated it

    bool operator==(const HoldingBlock&) const = default;
};

// A path is cut in the middle where it has more blocks than these.
inline constexpr std::size_t most_blocks_of_path = 16;

struct HoldingPath {
    HoldingRoot root;
    std::vector<HoldingBlock>
        blocks;                  // the last one is the block itself; of a ring, the first one is
    std::uint64_t left_out = 0;  // blocks that were cut out, in front of blocks[cut_at]
    std::uint64_t cut_at = 0;

    bool operator==(const HoldingPath&) const = default;
};

}  // namespace leakcheck
