// SPDX-License-Identifier: Apache-2.0
//
// Blocks added to groups. Thread safety: free function without state.
#pragma once

#include <algorithm>
#include <cstdint>

#include "analysis/snapshot.hpp"

namespace leakcheck {

inline void add_size(LiveGroup& group, std::uint64_t size) {
    ++group.blocks;
    group.bytes += size;
    group.bytes_squared += static_cast<double>(size) * static_cast<double>(size);
    group.largest = std::max(group.largest, size);
}

}  // namespace leakcheck
