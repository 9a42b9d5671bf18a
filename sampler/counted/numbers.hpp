// SPDX-License-Identifier: Apache-2.0
//
// Numbers of things in the table that are told apart by their content: contexts and accounts. Each
// list has an index (abi/counted_table.h); nothing is ever taken out.
//
// Lock-free: a slot goes from 0 to its final value by one compare-and-swap, after the item has been
// written. A thread that loses the race for a slot looks at it again, so that an item gets one number
// only; the number it had reserved stays unused. Async-signal-safe and thread-safe.
#pragma once

#include <atomic>
#include <cstdint>

#include "abi/counted_table.h"

namespace leakcheck::sampler::counted {

// `used`: how many numbers have been given out, in the table's head; `most`: how many there can be.
// Number 0 is none.
template <typename Item>
struct NumberedList {
    Item* items;
    std::uint64_t* index;
    std::uint32_t* used;
    std::uint32_t most;
};

// The number of the item for which is_same(item) holds, which is added when there is none. `hash` is
// that of the item. 0: the list or its index is full.
template <typename Item, typename IsSame>
std::uint32_t number_of(const NumberedList<Item>& list, std::uint64_t hash, const Item& item,
                        IsSame is_same) {
    const std::uint64_t tag = hash >> 32 << 32;
    std::uint32_t reserved = 0;
    for (int level = 0; level < LEAKCHECK_INDEX_LEVELS; ++level) {
        const std::uint64_t buckets = LEAKCHECK_INDEX_LEVEL_SLOTS(level) / LEAKCHECK_INDEX_BUCKET;
        std::uint64_t* const bucket = list.index + LEAKCHECK_INDEX_LEVEL_START(level) +
                                      (hash & (buckets - 1)) * LEAKCHECK_INDEX_BUCKET;
        for (int i = 0; i < LEAKCHECK_INDEX_BUCKET; ++i) {
            const std::atomic_ref slot(bucket[i]);
            std::uint64_t seen = slot.load(std::memory_order_acquire);
            if (seen == 0) {
                if (reserved == 0) {
                    reserved =
                        std::atomic_ref(*list.used).fetch_add(1, std::memory_order_relaxed) + 1;
                    if (reserved >= list.most) {
                        std::atomic_ref(*list.used).store(list.most - 1, std::memory_order_relaxed);
                        return 0;
                    }
                    list.items[reserved] = item;
                }
                if (slot.compare_exchange_strong(seen, tag | reserved, std::memory_order_acq_rel))
                    return reserved;
            }
            const auto number = static_cast<std::uint32_t>(seen);
            if (seen - number == tag && is_same(list.items[number])) return number;
        }
    }
    return 0;
}

}  // namespace leakcheck::sampler::counted
