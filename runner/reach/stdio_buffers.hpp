// SPDX-License-Identifier: Apache-2.0
//
// The buffers of the C library's open streams: text, and behind it whatever the memory held before it became a
// buffer. Neither is anything that the program keeps a block by.
//
// Streams are in a list that begins in the C library's data. Layout: struct _IO_FILE of glibc, which is part of its
// ABI (bits/types/struct_FILE.h). Of other C libraries no stream is found. Thread safety: free functions.
#pragma once

#include <vector>

#include "runner/reach/address_ranges.hpp"
#include "runner/reach/live_block_index.hpp"
#include "runner/reach/memory.hpp"
#include "runner/trace/process_maps.hpp"

namespace leakcheck::reach {

// Normalized.
AddressRanges stdio_buffers(const std::vector<ProcessMap>& maps, const LiveBlockIndex& blocks,
                            const Memory& memory);

}  // namespace leakcheck::reach
