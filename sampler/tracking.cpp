// SPDX-License-Identifier: Apache-2.0
#include "sampler/tracking.hpp"

#include "sampler/hello.hpp"
#include "sampler/probes.hpp"
#include "sampler/sampling.hpp"
#include "sampler/trace_event.hpp"

namespace leakcheck::sampler {

constinit LiveTable live_blocks;

namespace {

constinit bool in_census = false;  // set in a copy of the process that has one thread

// The program may have changed the rounding mode or unmasked exceptions, and may look at the flags.
class DefaultFloatingPoint {
  public:
    DefaultFloatingPoint() : saved_(__builtin_ia32_stmxcsr()) { __builtin_ia32_ldmxcsr(0x1f80); }
    ~DefaultFloatingPoint() { __builtin_ia32_ldmxcsr(saved_); }
    DefaultFloatingPoint(const DefaultFloatingPoint&) = delete;
    DefaultFloatingPoint& operator=(const DefaultFloatingPoint&) = delete;

  private:
    unsigned saved_;
};

std::uint64_t draw_gap(ThreadState& thread) {
    const std::uint64_t rate = leakcheck_config_record.sample_rate;
    if (rate <= 1) return 1;
    const DefaultFloatingPoint floating_point;
    return next_gap(thread.random, rate);
}

// The thread's first allocation. False: nothing is traced in this run.
bool begin_thread(ThreadState& thread) {
    if (leakcheck_config_record.enabled == 0) {
        thread.countdown = ~std::uint64_t{0};
        return false;
    }
    say_hello_once();
    if (thread.countdown != 0) return true;  // a signal handler has done the rest meanwhile
    const std::uint64_t ordinal = next_serial(thread) >> thread_ordinal_shift;
    thread.random = random_state(leakcheck_config_record.seed, ordinal);
    thread.countdown = draw_gap(thread);
    return true;
}

void trace(ThreadState& thread, void* block, std::size_t size, const void* frame) {
    const std::uint64_t serial = next_serial(thread);
    if (!live_blocks.insert(block, serial, leakcheck_config_record.max_live)) {
        leakcheck_fire_loss(LEAKCHECK_LOSS_SAMPLER_FULL, 1);
        return;
    }
    const std::uint64_t rate = leakcheck_config_record.sample_rate;
    const std::uint64_t weight = (rate > 1 ? rate : 1) << LEAKCHECK_WEIGHT_SHIFT;
    tell_allocation(block, size, weight, serial, frame, 0);
}

// The image's first allocation is considered before it is known whether the image counts.
bool counted_instead(ThreadState& thread, void* block, std::size_t size, const void* frame) {
    counted::ProcessMemory* const memory = counted::memory();
    return memory != nullptr && counted::count(thread, *memory, block, size, frame);
}

}  // namespace

[[gnu::noinline]] void sample(void* block, std::size_t size, const void* frame) {
    ThreadState& thread = thread_state;
    if (thread.countdown == 0) {
        if (!begin_thread(thread)) return;
        if (counted_instead(thread, block, size, frame)) return;
    }
    if (thread.countdown > 1) {
        --thread.countdown;
        return;
    }
    thread.countdown = draw_gap(thread);
    if (thread.untracked == 0) trace(thread, block, size, frame);
}

[[gnu::noinline]] void forget(const void* block) {
    const std::uint64_t serial = live_blocks.erase(block);
    if (serial != LiveTable::no_serial) tell_free(block, serial);
}

TakenOut take_out(ThreadState& thread, const void* block) {
    counted::ProcessMemory* const memory = counted::memory();
    const std::uint64_t record =
        memory != nullptr ? counted::take_record(thread, *memory, block) : 0;
    if (record != 0) return {LiveTable::no_serial, record};
    return {live_blocks.may_hold(block) ? live_blocks.erase(block) : LiveTable::no_serial, 0};
}

void put_back(ThreadState& thread, const void* block, TakenOut taken) {
    if (taken.record != 0) counted::put_record_back(thread, block, taken.record);
    if (taken.serial == LiveTable::no_serial) return;
    if (live_blocks.insert(block, taken.serial, leakcheck_config_record.max_live)) return;
    leakcheck_fire_loss(LEAKCHECK_LOSS_SAMPLER_FULL, 1);
}

void tell_free(const void* block, std::uint64_t serial) {
    if (in_census) {
        leakcheck_fire_census(block);
    } else {
        leakcheck_fire_free(block, serial);
    }
}

void enter_census() {
    in_census = true;
    counted::enter_census();
    ++thread_state.untracked;
    thread_state.turn = 0;
}

}  // namespace leakcheck::sampler
