// SPDX-License-Identifier: Apache-2.0
#include "sampler/bootstrap_arena.hpp"

#include <atomic>

namespace leakcheck::sampler::bootstrap_arena {
namespace {

constinit std::atomic<std::size_t> used{0};

}  // namespace

void* allocate(std::size_t size, std::size_t alignment) {
    if (alignment < 16) alignment = 16;
    std::size_t begin = used.load(std::memory_order_relaxed);
    for (;;) {
        const std::size_t start = (begin + alignment - 1) & ~(alignment - 1);
        if (alignment > 64 || size > capacity || start > capacity - size) return nullptr;
        if (used.compare_exchange_weak(begin, start + size, std::memory_order_relaxed))
            return memory + start;
    }
}

}  // namespace leakcheck::sampler::bootstrap_arena
