// SPDX-License-Identifier: Apache-2.0
//
// Finds main_arena, the state of glibc's main heap in its data: lists of free chunks, whose addresses may fall into the
// last word of a live block before them, and so look like pointers to it. It has no symbol in a stripped library;
// it is known by its lists, which are empty for the most part: the head of an empty list points to itself, 16 bytes
// before. Layout: struct malloc_state of glibc 2.26 and later (malloc/malloc.c).
// Thread safety: free functions.
#pragma once

#include <optional>
#include <vector>

#include "runner/reach/address_ranges.hpp"
#include "runner/reach/memory.hpp"

namespace leakcheck::reach {

// How far behind what it points to the head of an empty list lies.
inline constexpr std::uint64_t empty_list_distance = 16;

// `empty_lists`: addresses of words that point to that distance before themselves; sorted.
std::optional<AddressRange> find_main_arena(const std::vector<std::uint64_t>& empty_lists,
                                            const Memory& memory);

}  // namespace leakcheck::reach
