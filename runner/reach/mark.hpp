// SPDX-License-Identifier: Apache-2.0
//
// Gives each block its kind, from the graph of pointers and the pointers of the roots. Four rounds, each of which
// looks at a block once at most, so the time is linear in blocks and pointers; nothing recurses. What is nearest comes
// first, so that the way by which a block was reached is a short one to tell.
//
//   reachable  what start pointers lead to from the roots, or interior ones that count as such
//   possible   what else is pointed to from there, and all that hangs on it
//   leaked     the rest, in the order of addresses: the first that is not taken yet leads, and takes what it leads
//              to, earlier leaders included. What leads in the end is definite, all else indirect; of blocks that
//              point to each other in a ring the one with the lowest address leads.
//
// This gives memcheck's kinds; among leaked blocks it too makes no difference between start and interior pointers.
// Past the time limit nothing is guessed: what is proven to be reachable or possible stays so, the rest
// is unclassified. Thread safety: a free function; the graph is only read.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "analysis/leak_kind.hpp"
#include "runner/reach/pointer_graph.hpp"
#include "runner/reach/root_scanner.hpp"
#include "runner/reach/scan_options.hpp"

namespace leakcheck::reach {

// What a block was first reached from, on a shortest way: a word of a root, or of another block.
struct ReachedFrom {
    static constexpr BlockNumber no_block = std::numeric_limits<BlockNumber>::max();

    BlockNumber block = no_block;
    // Where the word points to in the block, bytes; the highest value stands for all above, too.
    std::uint32_t entered_at = 0;
    // Of a block: offset in it, bytes; else the root word's address (RootPointer). `nowhere`: of a definite
    // block to which nothing points.
    std::uint64_t where = nowhere;
    std::uint32_t steps = 0;  // from block to block, on the way here from what leads

    static constexpr std::uint64_t nowhere = std::numeric_limits<std::uint64_t>::max();
};

struct Marks {
    std::vector<LeakKind> kinds;
    // The definite block that a definite or indirect block goes with; of others, itself.
    std::vector<BlockNumber> leaders;
    // Of blocks that are reachable, possible or indirect, and of definite ones that are in a ring: the block before
    // it there. Empty unless the graph keeps places.
    std::vector<ReachedFrom> reached_from;
    bool complete = true;  // false: no time was left
};

// Where something was not read, what is not reached may still be.
enum class Everything { read, not_read };

Marks mark(const PointerGraph& graph, std::span<const RootPointer> roots, Places places,
           Everything everything, const OutOfTime& out_of_time);
// Of as many blocks of which nothing is known.
Marks unclassified(std::size_t blocks);

}  // namespace leakcheck::reach
