// SPDX-License-Identifier: Apache-2.0
//
// Memory for the allocations that the dynamic linker makes while it looks up the next malloc for
// us. Blocks are zeroed, 16-byte aligned and never reused; freeing one does nothing. Lock-free,
// async-signal-safe.
#pragma once

#include <cstddef>

namespace leakcheck::sampler::bootstrap_arena {

inline constexpr std::size_t capacity = 32768;  // bytes; a lookup takes a few hundred, if any
alignas(64) inline constinit unsigned char memory[capacity]{};

// Null when the arena is used up.
void* allocate(std::size_t size, std::size_t alignment);

// The arena does not know how large a block is: bytes up to the arena's end that belong to it or
// follow it.
inline std::size_t readable_size(const void* block) {
    return static_cast<std::size_t>(memory + capacity - static_cast<const unsigned char*>(block));
}

[[gnu::always_inline]] inline bool owns(const void* block) {
    return reinterpret_cast<std::size_t>(block) - reinterpret_cast<std::size_t>(memory) < capacity;
}

}  // namespace leakcheck::sampler::bootstrap_arena
