// SPDX-License-Identifier: Apache-2.0
//
// Which of many half-open address intervals hold an address. Intervals may nest and overlap; the
// innermost (latest start, then shortest) is visited first. O(log n) plus the number of neighbours
// that overlap. Thread safety: none; the first visit after an addition sorts.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

namespace leakcheck::elf {

enum class Visit { go_on, stop };

template <typename Value>
class IntervalIndex {
  public:
    void add(std::uint64_t start, std::uint64_t end, Value value) {
        if (start >= end) return;
        entries_.push_back({start, end, 0, std::move(value)});
        sorted_ = false;
    }

    // Calls visit(start, value) for each interval that holds the address, until it returns
    // Visit::stop.
    template <typename Fn>
    void visit(std::uint64_t address, Fn&& visit_one) {
        sort();
        auto entry = std::upper_bound(
            entries_.begin(), entries_.end(), address,
            [](std::uint64_t key, const Entry& candidate) { return key < candidate.start; });
        while (entry != entries_.begin()) {
            --entry;
            if (entry->furthest_end <= address) return;  // nothing before this one reaches so far
            if (entry->end > address && visit_one(entry->start, entry->value) == Visit::stop)
                return;
        }
    }

    // The innermost value at the address, or null.
    const Value* innermost(std::uint64_t address) {
        const Value* found = nullptr;
        visit(address, [&](std::uint64_t, const Value& value) {
            found = &value;
            return Visit::stop;
        });
        return found;
    }

  private:
    struct Entry {
        std::uint64_t start;
        std::uint64_t end;
        std::uint64_t furthest_end;  // of this entry and all before it
        Value value;
    };

    void sort() {
        if (sorted_) return;
        std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
            return a.start != b.start ? a.start < b.start : a.end > b.end;
        });
        std::uint64_t furthest = 0;
        for (Entry& entry : entries_) {
            furthest = std::max(furthest, entry.end);
            entry.furthest_end = furthest;
        }
        sorted_ = true;
    }

    std::vector<Entry> entries_;
    bool sorted_ = true;
};

}  // namespace leakcheck::elf
