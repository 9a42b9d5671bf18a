// SPDX-License-Identifier: Apache-2.0
#include "sampler/counted/table.hpp"

#include <sys/mman.h>
#include <sys/resource.h>

#include "sampler/system_call.hpp"
#include "sampler/wiped_memory.hpp"

namespace leakcheck::sampler::counted {

namespace {

// Of the image's table. A forked child has another one.
constinit std::atomic<unsigned char*> memory{nullptr};

// The program may do with less address space than it thinks it has.
bool address_space_is_limited() {
    rlimit limit{};
    return system_call(SYS_getrlimit, RLIMIT_AS, &limit) != 0 || limit.rlim_cur != RLIM_INFINITY;
}

// All of it at once, for the descriptor is not kept: only what is touched takes memory. Not in core
// files, which would fill with zeroes.
unsigned char* map_table(long descriptor) {
    const long result =
        system_call(SYS_mmap, nullptr, LEAKCHECK_TABLE_BYTES, PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_NORESERVE, descriptor, 0);
    if (has_failed(result)) return nullptr;
    system_call(SYS_madvise, result, LEAKCHECK_TABLE_BYTES, MADV_DONTFORK);
    system_call(SYS_madvise, result, LEAKCHECK_TABLE_BYTES, MADV_DONTDUMP);
    return reinterpret_cast<unsigned char*>(result);
}

Record* records_of(std::uint32_t number) {
    return reinterpret_cast<Record*>(table_memory() + LEAKCHECK_TABLE_RECORDS +
                                     number * LEAKCHECK_REGION_BYTES);
}

}  // namespace

ProcessMemory* reserve_process_memory() {
    if (address_space_is_limited()) return nullptr;
    return static_cast<ProcessMemory*>(map_wiped_memory(sizeof(ProcessMemory)));
}

bool open_table(long descriptor) {
    if (descriptor < 0) return false;
    unsigned char* const mapped = map_table(descriptor);
    if (mapped == nullptr) return false;
    const auto* const its_head = reinterpret_cast<const leakcheck_table_head*>(mapped);
    if (its_head->magic != LEAKCHECK_TABLE_MAGIC || its_head->version != LEAKCHECK_ABI_VERSION) {
        system_call(SYS_munmap, mapped, LEAKCHECK_TABLE_BYTES);
        return false;
    }
    memory.store(mapped, std::memory_order_release);
    return true;
}

unsigned char* table_memory() {
    return memory.load(std::memory_order_acquire);
}

leakcheck_table_head& head() {
    return *reinterpret_cast<leakcheck_table_head*>(table_memory());
}

leakcheck_thread_total& thread_total(std::uint32_t thread) {
    auto* const totals =
        reinterpret_cast<leakcheck_thread_total*>(table_memory() + LEAKCHECK_TABLE_THREAD_TOTALS);
    return totals[thread];
}

leakcheck_owner_total* owner_total(std::uint32_t owner) {
    if (owner >= LEAKCHECK_TABLE_OWNERS) return nullptr;
    return reinterpret_cast<leakcheck_owner_total*>(table_memory() + LEAKCHECK_TABLE_OWNER_TOTALS) +
           owner;
}

// Of two threads that come at once one wastes a number, which costs nothing.
Record* add_region(ProcessMemory& memory, std::uintptr_t address) {
    if (!can_have_record(address)) return nullptr;
    const std::uint32_t number =
        std::atomic_ref(head().regions).fetch_add(1, std::memory_order_relaxed);
    if (number >= LEAKCHECK_TABLE_REGIONS) {
        std::atomic_ref(head().regions).store(LEAKCHECK_TABLE_REGIONS, std::memory_order_relaxed);
        return nullptr;
    }
    Record* const fresh = records_of(number);
    Record* present = nullptr;
    auto& slot = memory.regions[address >> LEAKCHECK_REGION_SHIFT];
    if (!slot.compare_exchange_strong(present, fresh, std::memory_order_acq_rel)) return present;
    auto* const list =
        reinterpret_cast<leakcheck_region*>(table_memory() + LEAKCHECK_TABLE_REGION_LIST);
    list[number].address = address & ~(LEAKCHECK_REGION_SIZE - 1);
    std::atomic_ref(list[number].used).store(1, std::memory_order_release);
    return fresh;
}

}  // namespace leakcheck::sampler::counted
