// SPDX-License-Identifier: Apache-2.0
#include "sampler/counted/samples.hpp"

#include "sampler/counted/contexts.hpp"
#include "sampler/counted/counting.hpp"
#include "sampler/live_table.hpp"
#include "sampler/random.hpp"

namespace leakcheck::sampler::counted {
namespace {

// Of the addresses that have records, too, spread in another way: what shares a counter with a sample in
// the first filter seldom does so here as well. A look into the table in vain would be a cache miss, and a
// page of it, which more than one free in a hundred should not cost.
constinit AddressFilter recorded;

const void* scrambled(const void* block) {
    return reinterpret_cast<const void*>(mix(reinterpret_cast<std::uintptr_t>(block)));
}

void enter(const void* block) {
    live_blocks.filter().add(block);
    recorded.add(scrambled(block));
}

void leave(const void* block) {
    live_blocks.filter().remove(block);
    recorded.remove(scrambled(block));
}

ProcessMemory* memory_in_use() {
    return memory_of_samples.load(std::memory_order_acquire);
}

// 0: it has none. The table may have had no room.
std::uint64_t record_of(const ProcessMemory& memory, const void* block) {
    const auto address = reinterpret_cast<std::uintptr_t>(block);
    Record* const region = region_of(memory, address);
    return region != nullptr ? record_in(region, address).load(std::memory_order_relaxed) : 0;
}

}  // namespace

bool record_sample(ThreadState& thread, void* block, std::size_t size, const void* frame,
                   std::uint64_t weight) {
    ProcessMemory* const memory = memory_in_use();
    if (memory == nullptr) return false;
    // What was here last was freed in a way that we do not see.
    if (live_blocks.may_hold(block) && take_sample(thread, block) != 0) tell_missed_free();
    if (!count(thread, *memory, block, size, frame, weight)) return false;
    const std::uint64_t record = record_of(*memory, block);
    if (record == 0) return true;
    enter(block);
    add_sample(LEAKCHECK_RECORD_ACCOUNT(record), size);
    return true;
}

std::uint64_t take_sample(ThreadState& thread, const void* block) {
    const ProcessMemory* const memory = memory_in_use();
    if (memory == nullptr || !recorded.may_hold(scrambled(block))) return 0;
    const std::uint64_t record = take_record(thread, *memory, block);
    if (record != 0) leave(block);
    return record;
}

void put_sample_back(ThreadState& thread, const void* block, std::uint64_t record) {
    put_record_back(thread, *memory_in_use(), block, record);
    enter(block);
}

}  // namespace leakcheck::sampler::counted
