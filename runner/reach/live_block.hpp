// SPDX-License-Identifier: Apache-2.0
//
// A block of a process that has been allocated and not freed.
#pragma once

#include <cstdint>

#include "runner/reach/huge_pages.hpp"

namespace leakcheck::reach {

struct LiveBlock {
    std::uint64_t address = 0;
    std::uint64_t size = 0;  // bytes, as requested: what the allocator added is nobody's

    std::uint64_t end() const { return address + size; }
    bool operator==(const LiveBlock&) const = default;
};

// Ten million of them are nothing special, and each word of a heap may have to be looked for among them.
using LiveBlocks = HugeVector<LiveBlock>;

// Addresses of a process are below this (x86-64 with four levels of page tables). Those above are only given to
// programs that ask for them.
inline constexpr unsigned address_bits = 47;
inline constexpr std::uint64_t address_limit = std::uint64_t{1} << address_bits;

inline constexpr std::uint64_t page_size = 4096;
inline constexpr std::uint64_t word_size = 8;  // pointers lie at multiples of it

constexpr std::uint64_t round_down(std::uint64_t address, std::uint64_t unit) {
    return address / unit * unit;
}
constexpr std::uint64_t round_up(std::uint64_t address, std::uint64_t unit) {
    return (address + unit - 1) / unit * unit;
}

}  // namespace leakcheck::reach
