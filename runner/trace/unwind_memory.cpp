// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/unwind_memory.hpp"

#include <bpf/bpf.h>
#include <sys/mman.h>

#include <algorithm>
#include <chrono>

#include "abi/unwind_tables.h"

namespace leakcheck {
namespace {

constexpr std::size_t kSlabBytes = LEAKCHECK_UNWIND_SLAB_WORDS * sizeof(std::uint32_t);

std::uint32_t slab_of(std::uint32_t word) {
    return word >> LEAKCHECK_UNWIND_SLAB_SHIFT;
}

std::uint32_t place_of(std::uint32_t word) {
    return word & (LEAKCHECK_UNWIND_SLAB_WORDS - 1);
}

bool is_inserted(int slabs_map, std::uint32_t number) {
    std::uint32_t id = 0;
    return bpf_map_lookup_elem(slabs_map, &number, &id) == 0;
}

}  // namespace

UnwindMemory::UnwindMemory(int slabs_map)
    : slabs_map_(slabs_map), next_(LEAKCHECK_UNWIND_RECORD_WORDS) {}

UnwindMemory::~UnwindMemory() {
    for (std::thread& inserter : inserters_) inserter.join();
    for (const Slab& slab : slabs_) ::munmap(slab.words, kSlabBytes);
}

bool UnwindMemory::append(std::span<const std::uint32_t> words) {
    if (!has_room_until(std::uint64_t{next_} + words.size())) return false;
    while (!words.empty()) {
        const std::size_t part =
            std::min<std::size_t>(words.size(), LEAKCHECK_UNWIND_SLAB_WORDS - place_of(next_));
        std::copy_n(words.begin(), part, at(next_));
        words = words.subspan(part);
        next_ += static_cast<std::uint32_t>(part);
    }
    return true;
}

std::uint32_t UnwindMemory::reserve(std::uint32_t words) {
    if (words > LEAKCHECK_UNWIND_SLAB_WORDS) return 0;
    constexpr std::uint32_t alignment = LEAKCHECK_UNWIND_RECORD_WORDS;
    std::uint32_t first = (next_ + alignment - 1) & ~(alignment - 1);
    if (words > LEAKCHECK_UNWIND_SLAB_WORDS - place_of(first))
        first = (slab_of(first) + 1) << LEAKCHECK_UNWIND_SLAB_SHIFT;
    if (!has_room_until(std::uint64_t{first} + words)) return 0;
    next_ = first + words;
    return first;
}

std::uint32_t* UnwindMemory::at(std::uint32_t word) {
    return slabs_[slab_of(word)].words + place_of(word);
}

bool UnwindMemory::has_room_until(std::uint64_t end) {
    while (slabs_.size() * LEAKCHECK_UNWIND_SLAB_WORDS < end)
        if (!add_slab()) return false;
    return !refused_;
}

// The kernel puts the slab into its place at once, but returns only after a grace period (some 10 ms), for
// which a process that waits for its tables need not wait.
bool UnwindMemory::add_slab() {
    const auto number = static_cast<std::uint32_t>(slabs_.size());
    if (number == LEAKCHECK_UNWIND_SLABS) return false;
    LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_MMAPABLE);
    Slab slab;
    slab.map = UniqueFd(bpf_map_create(BPF_MAP_TYPE_ARRAY, "unwind_slab", sizeof(std::uint32_t),
                                       kSlabBytes, 1, &options));
    if (!slab.map) return false;
    void* memory =
        ::mmap(nullptr, kSlabBytes, PROT_READ | PROT_WRITE, MAP_SHARED, slab.map.get(), 0);
    if (memory == MAP_FAILED) return false;
    slab.words = static_cast<std::uint32_t*>(memory);
    inserters_.emplace_back([this, number, inner = slab.map.get()] {
        if (bpf_map_update_elem(slabs_map_, &number, &inner, BPF_ANY) != 0) refused_ = true;
    });
    slabs_.push_back(std::move(slab));
    while (!refused_ && !is_inserted(slabs_map_, number)) {
        std::this_thread::sleep_for(std::chrono::microseconds(20));
    }
    return !refused_;
}

}  // namespace leakcheck
