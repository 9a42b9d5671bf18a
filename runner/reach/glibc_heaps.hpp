// SPDX-License-Identifier: Apache-2.0
//
// Memory that glibc's malloc manages (glibc, malloc/arena.c and malloc/malloc.c): what is free there still holds old
// pointers, so it is no place to look for the program's own. The main heap is the one that brk(2) makes; each further
// arena has heaps of up to 64 MiB at multiples of it, which begin with a heap_info; large blocks have a mapping of
// their own, with a chunk header before the block.
// Thread safety: free functions.
#pragma once

#include <optional>

#include "runner/reach/address_ranges.hpp"
#include "runner/reach/live_block_index.hpp"
#include "runner/reach/memory.hpp"
#include "runner/trace/process_maps.hpp"

namespace leakcheck::reach {

// The heaps of arenas that begin in an anonymous mapping. `written`: where there is something to read.
AddressRanges arena_heaps(const ProcessMap& map, const AddressRanges& written,
                          const Memory& memory);
// The mapping of its own that a block has, if it has one: whole pages, the header included.
std::optional<AddressRange> mapped_chunk(const LiveBlock& block, const Memory& memory);

}  // namespace leakcheck::reach
