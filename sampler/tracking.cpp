// SPDX-License-Identifier: Apache-2.0
#include "sampler/tracking.hpp"

#include "sampler/cell.hpp"
#include "sampler/counted/samples.hpp"
#include "sampler/decision.hpp"
#include "sampler/ending.hpp"
#include "sampler/pressure.hpp"
#include "sampler/probes.hpp"
#include "sampler/trace_event.hpp"

namespace leakcheck::sampler {

constinit LiveTable live_blocks;

namespace {

constinit bool in_census = false;  // set in a copy of the process that has one thread

// The image's first allocation is decided about before it is known whether the image counts.
bool counted_instead(ThreadState& thread, void* block, std::size_t size, const void* frame,
                     std::uint64_t weight) {
    counted::ProcessMemory* const memory = counted::memory();
    if (memory == nullptr) return counted::record_sample(thread, block, size, frame, weight);
    return thread.turn == 0 && counted::count_slowly(thread, *memory, block, size, frame, weight);
}

void show_current_turn(const ThreadState& thread) {
    const auto* const cell = current_cell.load(std::memory_order_acquire);
    if (cell != nullptr) show_turn(thread, cell->turn);
}

// `weight`: of weight_of_*, see sampling.hpp.
[[gnu::noinline]] void trace(ThreadState& thread, void* block, std::size_t size, const void* frame,
                             std::uint64_t weight) {
    if (counted_instead(thread, block, size, frame, weight)) return;
    const std::uint64_t factor = draw_under_pressure(thread);
    if (factor == 0) return;
    show_current_turn(thread);
    const std::uint64_t serial = next_serial(thread);
    if (!live_blocks.insert(block, serial, leakcheck_config_record.max_live)) {
        leakcheck_fire_loss(LEAKCHECK_LOSS_SAMPLER_FULL, 1);
        return;
    }
    tell_allocation(block, size, weight * factor, serial, frame, 0);
}

// To be seen from outside, where the thread has a place for it.
void tell_moving(ThreadState& thread, TakenOut taken, std::uint64_t moving) {
    thread.moving = static_cast<std::uint32_t>(moving);
    if (taken.record == 0 || counted::memory() == nullptr) return;
    std::atomic_ref(thread.total->moving).store(moving, std::memory_order_release);
}

bool is_considered(std::size_t size) {
    return size >= leakcheck_config_record.min_size && size <= leakcheck_config_record.max_size;
}

}  // namespace

void consider(ThreadState& thread, void* block, std::size_t size, const void* frame) {
    if (!is_considered(size)) return;
    if (counted::ProcessMemory* const memory = counted::memory();
        memory != nullptr && counted::count(thread, *memory, block, size, frame))
        return;
    const std::uint64_t weight = decide(thread, size, frame);
    if (weight != not_sampled) [[unlikely]]
        trace(thread, block, size, frame, weight);
}

[[gnu::noinline]] void forget(const void* block) {
    if (counted::take_sample(thread_state, block) != 0) return;
    show_current_turn(thread_state);
    const std::uint64_t serial = live_blocks.erase(block);
    if (serial != LiveTable::no_serial) tell_free(block, serial);
}

TakenOut take_out(ThreadState& thread, const void* block) {
    counted::ProcessMemory* const memory = counted::memory();
    std::uint64_t record = memory != nullptr ? counted::take_record(thread, *memory, block) : 0;
    if (record != 0 || !live_blocks.may_hold(block)) return {LiveTable::no_serial, record};
    record = counted::take_sample(thread, block);
    if (record != 0) return {LiveTable::no_serial, record};
    return {live_blocks.erase(block), 0};
}

void put_back(ThreadState& thread, const void* block, TakenOut taken) {
    if (counted::ProcessMemory* const memory = counted::memory();
        memory != nullptr && taken.record != 0) {
        counted::put_record_back(thread, *memory, block, taken.record);
    } else if (taken.record != 0) {
        counted::put_sample_back(thread, block, taken.record);
    }
    if (taken.serial == LiveTable::no_serial) return;
    if (live_blocks.insert(block, taken.serial, leakcheck_config_record.max_live)) return;
    leakcheck_fire_loss(LEAKCHECK_LOSS_SAMPLER_FULL, 1);
}

void begin_move(ThreadState& thread, TakenOut taken) {
    tell_moving(thread, taken, 1);
}

void end_move(ThreadState& thread, TakenOut taken) {
    tell_moving(thread, taken, 0);
}

void tell_free(const void* block, std::uint64_t serial) {
    if (in_census) {
        leakcheck_fire_census(block);
    } else {
        leakcheck_fire_free(block, serial);
    }
}

bool may_have_live_blocks() {
    return counted::any_memory() != nullptr || live_blocks.size() != 0;
}

void enter_census() {
    in_census = true;
    counted::enter_census();
    ++thread_state.untracked;
    thread_state.turn = 0;
}

}  // namespace leakcheck::sampler
