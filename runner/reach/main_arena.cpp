// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/main_arena.hpp"

#include <algorithm>
#include <cstddef>

namespace leakcheck::reach {
namespace {

constexpr std::uint64_t lists_offset = 112;  // behind mutex, flags, fast bins, top, last remainder
constexpr std::uint64_t list_count = 127;
constexpr std::uint64_t list_bytes = 16;
constexpr std::uint64_t next_arena_offset = lists_offset + list_count * list_bytes + 16;
constexpr std::uint64_t arena_bytes = next_arena_offset + 40;
constexpr std::ptrdiff_t fewest_empty_lists = 32;
constexpr int most_arenas = 1024;
constexpr int most_tries = 64;  // what looks like many empty lists may be something else

// All arenas are in a ring.
bool is_in_ring(std::uint64_t arena, const Memory& memory) {
    auto next = memory.word_at(arena + next_arena_offset);
    for (int i = 0; i < most_arenas && next && *next != 0; ++i) {
        if (*next == arena) return true;
        next = memory.word_at(*next + next_arena_offset);
    }
    return false;
}

std::optional<AddressRange> arena_with_list(std::uint64_t list, const Memory& memory) {
    for (std::uint64_t number = 0; number < list_count; ++number) {
        const std::uint64_t arena = list - number * list_bytes - lists_offset;
        if (is_in_ring(arena, memory)) return AddressRange{arena, arena + arena_bytes};
    }
    return std::nullopt;
}

}  // namespace

std::optional<AddressRange> find_main_arena(const std::vector<std::uint64_t>& empty_lists,
                                            const Memory& memory) {
    int tries = 0;
    for (auto first = empty_lists.begin(); first != empty_lists.end() && tries < most_tries;
         ++first) {
        const auto behind =
            std::lower_bound(first, empty_lists.end(), *first + list_count * list_bytes);
        if (behind - first < fewest_empty_lists) continue;
        if (auto arena = arena_with_list(*first, memory)) return arena;
        ++tries;
    }
    return std::nullopt;
}

}  // namespace leakcheck::reach
