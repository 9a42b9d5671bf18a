// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/address_maps.hpp"

#include <bpf/bpf.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>

namespace leakcheck {
namespace {

constexpr std::uint32_t kSmallestCapacity = 16;  // ranges
constexpr std::size_t kRestingMaps = 64;         // of one capacity, before memory is used again

bool same(const leakcheck_address_range& a, const leakcheck_address_range& b) {
    return a.start == b.start && a.end == b.end && a.table_start == b.table_start &&
           a.index == b.index;
}

// A just-in-time compiler changes the number of executable pages all the time. A process that was looked at
// that often for nothing but code without tables is not looked at for the number's sake any more.
constexpr std::uint32_t kMostFruitless = 256;

std::vector<leakcheck_address_range> with_tables(std::vector<leakcheck_address_range> ranges) {
    std::erase_if(ranges, [](const leakcheck_address_range& range) { return range.index == 0; });
    return ranges;
}

bool same_tables(const std::vector<leakcheck_address_range>& a,
                 const std::vector<leakcheck_address_range>& b) {
    const auto left = with_tables(a);
    const auto right = with_tables(b);
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), same);
}

// Whether some code is no longer where it was.
bool lacks_any(const std::vector<leakcheck_address_range>& now,
               const std::vector<leakcheck_address_range>& before) {
    return std::any_of(before.begin(), before.end(), [&](const leakcheck_address_range& old) {
        const auto found = std::lower_bound(
            now.begin(), now.end(), old.start,
            [](const leakcheck_address_range& range, std::uint64_t start) {
                return range.start < start;
            });
        return found == now.end() || !same(*found, old);
    });
}

}  // namespace

bool AddressMaps::publish(const leakcheck_hello_event& event,
                          const std::vector<MappedCode>& mapped) {
    Published next;
    next.ranges = make_ranges(mapped);
    next.capacity =
        std::max(kSmallestCapacity, std::bit_ceil(static_cast<std::uint32_t>(next.ranges.size())));
    next.word = take_memory(next.capacity);
    if (next.word == 0) return false;
    Published& current = published_[event.process];
    next.replaced = current.replaced + (lacks_any(next.ranges, current.ranges) ? 1 : 0);
    next.fruitless = current.fruitless + (same_tables(next.ranges, current.ranges) ? 1 : 0);

    leakcheck_address_map head{};
    head.count = static_cast<std::uint32_t>(next.ranges.size());
    head.generation = ++generation_;
    head.map_epoch = event.map_epoch;
    head.replaced = next.replaced;
    head.exec_pages =
        next.fruitless < kMostFruitless ? event.exec_pages : LEAKCHECK_ANY_EXEC_PAGES;
    write(next.word, head, next.ranges);
    const std::uint64_t entry = LEAKCHECK_ADDRESS_MAP(next.word, head.generation);
    if (bpf_map_update_elem(entries_map_, &event.process, &entry, BPF_ANY) != 0) return false;
    give_back(current);
    current = std::move(next);
    return true;
}

AddressMaps::Ranges AddressMaps::make_ranges(const std::vector<MappedCode>& mapped) {
    Ranges ranges;
    for (const MappedCode& code : mapped) {
        const ProcessMap& map = code.map;
        leakcheck_address_range range{};
        range.start = map.start;
        range.end = map.end;
        const UnwindTable& table = tables_.find(code);
        const auto address = table.address_of(map.file_offset);
        if (address && table.index != 0) {
            range.table_start = map.start - (*address - table.start);
            range.index = table.index;
            range.buckets = table.buckets;
        }
        ranges.push_back(range);
    }
    std::sort(ranges.begin(), ranges.end(),
              [](const auto& a, const auto& b) { return a.start < b.start; });
    return ranges;
}

std::uint32_t AddressMaps::take_memory(std::uint32_t capacity) {
    auto& resting = replaced_memory_[capacity];
    if (resting.size() <= kRestingMaps)
        return memory_.reserve((1 + capacity) * LEAKCHECK_UNWIND_RECORD_WORDS);
    const std::uint32_t word = resting.front();
    resting.pop_front();
    return word;
}

void AddressMaps::give_back(const Published& old) {
    if (old.word != 0) replaced_memory_[old.capacity].push_back(old.word);
}

// The generation goes first and comes last: a walk that reads meanwhile finds that it is another.
void AddressMaps::write(std::uint32_t word, const leakcheck_address_map& head,
                        const Ranges& ranges) {
    auto* place = reinterpret_cast<leakcheck_address_map*>(memory_.at(word));
    std::atomic_ref<__u32> generation(place->generation);
    generation.store(0, std::memory_order_seq_cst);
    std::memcpy(place + 1, ranges.data(), ranges.size() * sizeof(ranges[0]));
    place->count = head.count;
    place->map_epoch = head.map_epoch;
    place->replaced = head.replaced;
    place->exec_pages = head.exec_pages;
    generation.store(head.generation, std::memory_order_release);
}

}  // namespace leakcheck
