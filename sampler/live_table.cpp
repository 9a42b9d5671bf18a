// SPDX-License-Identifier: Apache-2.0
#include "sampler/live_table.hpp"

#include <sys/mman.h>

#include <utility>

#include "sampler/random.hpp"
#include "sampler/system_call.hpp"

namespace leakcheck::sampler {

std::uintptr_t LiveTable::key_of(const void* address) {
    return ~reinterpret_cast<std::uintptr_t>(address);
}

std::uint64_t LiveTable::hash(std::uintptr_t key) {
    return mix(key);
}

// A level takes its two bucket numbers from the halves of the hash, rotated so that addresses which
// crowd one bucket part again in the next level.
std::array<LiveTable::Bucket*, 2> LiveTable::candidates(Bucket* level, std::size_t index,
                                                        std::uint64_t hash) {
    const std::uint64_t rotated = std::rotr(hash, static_cast<int>(7 * index));
    const std::size_t mask = buckets_in(index) - 1;
    return {level + (rotated & mask), level + (rotated >> 32 & mask)};
}

bool LiveTable::swap(Slot* slot, Slot expected, Slot desired) {
    using Pair = unsigned __int128;
    return __sync_bool_compare_and_swap(
        reinterpret_cast<Pair*>(slot), std::bit_cast<Pair>(expected), std::bit_cast<Pair>(desired));
}

// The halves are read one after the other: what is seen counts only once a swap has confirmed it.
LiveTable::Slot LiveTable::look(const Slot& slot) {
    Slot seen{};
    seen.key = __atomic_load_n(&slot.key, __ATOMIC_ACQUIRE);
    seen.serial = __atomic_load_n(&slot.serial, __ATOMIC_RELAXED);
    return seen;
}

// The loops over a bucket are the table's time; unrolled they take half of it.
LiveTable::Slot* LiveTable::find_in(Bucket& bucket, std::uintptr_t key) {
#pragma GCC unroll 8
    for (Slot& slot : bucket.slots) {
        if (__atomic_load_n(&slot.key, __ATOMIC_RELAXED) == key) return &slot;
    }
    return nullptr;
}

std::size_t LiveTable::free_slots(const Bucket& bucket) {
    std::size_t count = 0;
#pragma GCC unroll 8
    for (const Slot& slot : bucket.slots)
        count += __atomic_load_n(&slot.key, __ATOMIC_RELAXED) == 0;
    return count;
}

bool LiveTable::place_in(Bucket& bucket, Slot entry) {
    for (Slot& slot : bucket.slots) {
        if (__atomic_load_n(&slot.key, __ATOMIC_RELAXED) == 0 && swap(&slot, {}, entry))
            return true;
    }
    return false;
}

LiveTable::Place LiveTable::find(std::uintptr_t key, std::size_t& examined) const {
    const std::uint64_t hashed = hash(key);
    for (std::size_t index = 0; index < level_count; ++index) {
        Bucket* const level = levels_[index].load(std::memory_order_acquire);
        if (level == nullptr) break;
        for (Bucket* bucket : candidates(level, index, hashed)) {
            ++examined;
            if (Slot* slot = find_in(*bucket, key)) return {slot, look(*slot)};
        }
    }
    return {};
}

bool LiveTable::replace(Slot entry) {
    std::size_t examined = 0;
    const Place found = find(entry.key, examined);
    return found.slot != nullptr && found.seen.key == entry.key &&
           swap(found.slot, found.seen, entry);
}

LiveTable::Bucket* LiveTable::map_level(std::size_t index) {
    const std::size_t bytes = buckets_in(index) * sizeof(Bucket);
    const long result = system_call(SYS_mmap, nullptr, bytes, PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (has_failed(result)) return nullptr;
    auto* const fresh = reinterpret_cast<Bucket*>(result);
    Bucket* current = nullptr;
    if (levels_[index].compare_exchange_strong(current, fresh, std::memory_order_acq_rel))
        return fresh;
    system_call(SYS_munmap, fresh, bytes);
    return current;
}

bool LiveTable::place(Slot entry) {
    const std::uint64_t hashed = hash(entry.key);
    for (std::size_t index = 0; index < level_count; ++index) {
        Bucket* level = levels_[index].load(std::memory_order_acquire);
        if (level == nullptr) level = map_level(index);
        if (level == nullptr) return false;
        auto [first, second] = candidates(level, index, hashed);
        const std::size_t in_first = free_slots(*first);
        const std::size_t in_second = free_slots(*second);
        if (in_first == 0 && in_second == 0) continue;
        if (in_second > in_first) std::swap(first, second);
        if (place_in(*first, entry) || place_in(*second, entry)) return true;
    }
    return false;
}

bool LiveTable::enter(std::uint64_t max_live) {
    const std::uint64_t limit = max_live < largest_max_live ? max_live : largest_max_live;
    if (size_.fetch_add(1, std::memory_order_relaxed) < limit) return true;
    size_.fetch_sub(1, std::memory_order_relaxed);
    return false;
}

bool LiveTable::insert(const void* address, std::uint64_t serial, std::uint64_t max_live) {
    const Slot entry{key_of(address), serial};
    if (filter_.may_hold(address) && replace(entry)) return true;
    if (!enter(max_live)) return false;
    filter_.add(address);
    if (place(entry)) return true;
    filter_.remove(address);
    size_.fetch_sub(1, std::memory_order_relaxed);
    return false;
}

std::uint64_t LiveTable::erase(const void* address) {
    if (address == nullptr) return no_serial;
    const std::uintptr_t key = key_of(address);
    std::size_t examined = 0;
    for (;;) {
        const Place found = find(key, examined);
        if (found.slot == nullptr) return no_serial;
        if (found.seen.key != key) continue;  // just gone
        if (!swap(found.slot, found.seen, {})) continue;
        filter_.remove(address);
        size_.fetch_sub(1, std::memory_order_relaxed);
        return found.seen.serial;
    }
}

std::size_t LiveTable::buckets_examined(const void* address) const {
    std::size_t examined = 0;
    find(key_of(address), examined);
    return examined;
}

void LiveTable::release() {
    for (std::size_t index = 0; index < level_count; ++index) {
        Bucket* const level = levels_[index].exchange(nullptr);
        if (level != nullptr) system_call(SYS_munmap, level, buckets_in(index) * sizeof(Bucket));
    }
}

}  // namespace leakcheck::sampler
