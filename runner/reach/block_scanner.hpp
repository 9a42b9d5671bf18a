// SPDX-License-Identifier: Apache-2.0
//
// Reads all live blocks of a process, in the order of their addresses, and notes who points to whom. Only aligned
// words inside the blocks' requested sizes are looked at, as memcheck does; pointers of a block into itself are left
// out. Thread safety: none; uses threads of its own.
#pragma once

#include <cstdint>

#include "runner/reach/address_ranges.hpp"
#include "runner/reach/file_mappings.hpp"
#include "runner/reach/memory.hpp"
#include "runner/reach/pointer_graph.hpp"
#include "runner/reach/scan_options.hpp"

namespace leakcheck::reach {

struct BlockScan {
    const Memory* memory = nullptr;
    const AddressRanges* written = nullptr;  // where there is something to read
    const AddressRanges* mapped =
        nullptr;  // where there is memory: what is not written holds zeros
    const FileMappings* files = nullptr;
    Heuristics heuristics;
    Places places = Places::forget;
    unsigned threads = 1;
    OutOfTime out_of_time = [] { return false; };
};

struct ScanCounts {
    std::uint64_t scanned_bytes = 0;  // looked at
    std::uint64_t unread_bytes = 0;   // that should have been, but could not be read
    std::uint64_t parts_left = 0;     // of the graph, not looked at to the end: no time was left

    ScanCounts& operator+=(const ScanCounts& other);
};

// Fills the graph.
ScanCounts scan_blocks(const BlockScan& scan, PointerGraph& graph);

}  // namespace leakcheck::reach
