// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/unwind/native_walk.hpp"

#include <cstring>

namespace {

// What the walk of this thread works on; the functions below are called from plain C.
struct Context {
    const leakcheck::test::NativeMemory* memory;
    const leakcheck::unwind::RuleSet* rules;
    const leakcheck::test::ReadStack* read_stack;
};
thread_local Context current{};

int unwind_read_stack(void* to, __u32 size, __u64 address) {
    return (*current.read_stack)(to, size, address) ? 0 : -1;
}

const __u32* unwind_slab(__u32 word) {
    return current.memory->slab(word);
}

const leakcheck_unwind_rule* unwind_rule(__u32 number) {
    const bool is_known = number < current.rules->size();
    return &current.rules->rule(is_known ? static_cast<std::uint16_t>(number) : leakcheck::unwind::kRuleNone);
}

#include "bpf/unwind.h"

}  // namespace

namespace leakcheck::test {
namespace {

constexpr std::uint32_t kSlabMask = LEAKCHECK_UNWIND_SLAB_WORDS - 1;

std::vector<std::uint32_t> words_of(const void* record, std::size_t size) {
    std::vector<std::uint32_t> words(size / sizeof(std::uint32_t));
    std::memcpy(words.data(), record, size);
    return words;
}

}  // namespace

// Of zeros, which take no memory before they are written to.
NativeMemory::Slab NativeMemory::new_slab() {
    return Slab(static_cast<std::uint32_t*>(
        std::calloc(LEAKCHECK_UNWIND_SLAB_WORDS, sizeof(std::uint32_t))));
}

void NativeMemory::write(std::uint32_t first_word, const std::vector<std::uint32_t>& words) {
    std::uint32_t number = first_word;
    for (const std::uint32_t word : words) {
        Slab& slab = slabs_.at(number >> LEAKCHECK_UNWIND_SLAB_SHIFT);
        if (!slab) slab = new_slab();
        slab[number++ & kSlabMask] = word;
    }
}

const std::uint32_t* NativeMemory::slab(std::uint32_t word) const {
    const std::uint32_t number = word >> LEAKCHECK_UNWIND_SLAB_SHIFT;
    return number < slabs_.size() && slabs_[number] ? slabs_[number].get() : nullptr;
}

std::uint32_t NativeMemory::word(std::uint32_t number) const {
    const std::uint32_t* found = slab(number);
    return found != nullptr ? found[number & kSlabMask] : 0;
}

leakcheck_address_range NativeMemory::add_table(const unwind::CodeTable& table,
                                                std::uint64_t bias) {
    leakcheck_address_range range{};
    range.start = table.start + bias;
    range.end = table.end + bias;
    range.table_start = range.start;
    if (const auto packed = unwind::pack(table, next_word_)) {
        write(next_word_, packed->words);
        next_word_ += static_cast<std::uint32_t>(packed->words.size());
        range.index = packed->index;
        range.buckets = packed->buckets;
    }
    return range;
}

std::uint32_t NativeMemory::add_address_map(const std::vector<leakcheck_address_range>& ranges) {
    constexpr std::uint32_t record = LEAKCHECK_UNWIND_RECORD_WORDS;
    const auto size = static_cast<std::uint32_t>((ranges.size() + 1) * record);
    std::uint32_t first = (next_word_ + record - 1) / record * record;
    if ((first & kSlabMask) + size > LEAKCHECK_UNWIND_SLAB_WORDS)
        first = (first | kSlabMask) + 1;  // all of it lies in one slab
    leakcheck_address_map head{};
    head.count = static_cast<std::uint32_t>(ranges.size());
    write(first, words_of(&head, sizeof(head)));
    write(first + record, words_of(ranges.data(), ranges.size() * sizeof(ranges[0])));
    next_word_ = first + size;
    return first;
}

leakcheck_unwind_rule find_rule(const NativeMemory& memory, const unwind::RuleSet& rules,
                                const leakcheck_address_range& range, std::uint64_t address) {
    current = {&memory, &rules, nullptr};
    unwind_walk walk{};
    const std::uint64_t offset = address - range.table_start;
    if (range.index == 0 || offset >> LEAKCHECK_UNWIND_BUCKET_SHIFT >= range.buckets) return {};
    return *unwind_rule(unwind_find_rule(&walk, range.index, offset));
}

void walk_on(const NativeMemory& memory, const unwind::RuleSet& rules, const ReadStack& read_stack,
             unwind_walk& walk) {
    current = {&memory, &rules, &read_stack};
    for (std::uint32_t step = 0; step <= walk.depth; ++step) {
        if (unwind_step(&walk) == UNWIND_DONE) return;
    }
}

unwind_walk walk_from_frame(const NativeMemory& memory, const unwind::RuleSet& rules,
                            const ReadStack& read_stack, std::uint32_t address_map,
                            std::uint64_t frame) {
    current = {&memory, &rules, &read_stack};
    unwind_walk walk{};
    walk.map = address_map;
    walk.depth = LEAKCHECK_MAX_FRAMES;
    if (unwind_begin_at_frame(&walk, frame) == UNWIND_GOES_ON)
        walk_on(memory, rules, read_stack, walk);
    return walk;
}

}  // namespace leakcheck::test
