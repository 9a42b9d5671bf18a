// SPDX-License-Identifier: Apache-2.0
//
// Memory in large pages, where the kernel gives them (transparent huge pages, madvise(2)): what is looked into at
// random then costs a cache miss, but no walk of the page tables on top. Thread safety: stateless.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>
#include <vector>

namespace leakcheck::reach {

template <typename Item>
struct HugePageAllocator {
    using value_type = Item;

    HugePageAllocator() = default;
    template <typename Other>
    explicit HugePageAllocator(const HugePageAllocator<Other>&) {}

    Item* allocate(std::size_t count) {
        const std::size_t bytes = count * sizeof(Item);
        if (bytes < page_bytes) return static_cast<Item*>(::operator new(bytes));
        const std::size_t whole = (bytes + page_bytes - 1) / page_bytes * page_bytes;
        void* const memory = ::operator new(whole, std::align_val_t(page_bytes));
        ::madvise(memory, whole, MADV_HUGEPAGE);
        return static_cast<Item*>(memory);
    }
    void deallocate(Item* items, std::size_t count) {
        if (count * sizeof(Item) < page_bytes) return ::operator delete(items);
        ::operator delete(items, std::align_val_t(page_bytes));
    }
    bool operator==(const HugePageAllocator&) const = default;

  private:
    static constexpr std::size_t page_bytes = 2 << 20;
};

template <typename Item>
using HugeVector = std::vector<Item, HugePageAllocator<Item>>;

}  // namespace leakcheck::reach
