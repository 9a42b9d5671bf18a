// SPDX-License-Identifier: Apache-2.0
//
// Looks for pointers to live blocks where a program keeps its data: the roots. On the way it notes words by which
// glibc's own structures are known. Thread safety: none.
#pragma once

#include <cstdint>
#include <vector>

#include "runner/reach/address_ranges.hpp"
#include "runner/reach/live_block_index.hpp"
#include "runner/reach/memory.hpp"
#include "runner/reach/scan_options.hpp"

namespace leakcheck::reach {

// A word of a root that points into a block.
struct RootPointer {
    std::uint64_t where = 0;  // its address; that of a register: the thread's id, see Roots
    BlockNumber target = 0;
    std::uint32_t offset = 0;  // in the target, bytes; the highest value stands for all above, too

    bool operator==(const RootPointer&) const = default;
};

struct RootScan {
    std::vector<RootPointer> pointers;       // by address
    std::vector<std::uint64_t> self_words;   // addresses of words that hold their own address
    std::vector<std::uint64_t> empty_lists;  // likewise, the distance of main_arena.hpp before it
    std::uint64_t scanned_bytes = 0;
    std::uint64_t unread_bytes = 0;
    bool complete = true;  // false: no time was left
};

// `ranges`: what is to be read, all of it.
RootScan scan_roots(const AddressRanges& ranges, const LiveBlockIndex& index, const Memory& memory,
                    const OutOfTime& out_of_time);

}  // namespace leakcheck::reach
