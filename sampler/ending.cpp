// SPDX-License-Identifier: Apache-2.0
#include "sampler/ending.hpp"

#include "abi/leakcheck_abi.h"
#include "sampler/control_file.hpp"
#include "sampler/probes.hpp"
#include "sampler/process_identity.hpp"
#include "sampler/system_call.hpp"
#include "sampler/tracking.hpp"

namespace leakcheck::sampler {

constinit std::atomic<std::uint64_t> shown_turn{0};

namespace {

constexpr std::uint64_t end_of_process = 0;  // where an owner is expected

// The process that has done so: a forked child inherits it.
constinit std::atomic<long> shown{0};
// The process whose turns `shown_turn` is about. A forked child sees those of its parent, which are not its own.
constinit std::atomic<long> turns_process{0};

void wait_for_look(const void* stack, std::uint64_t owner) {
    const std::uint64_t token = make_token();
    const ControlFile control;
    if (!control.is_attended()) return;
    leakcheck_fire_ending(token, stack, owner);
    control.wait_for_answer(token, LEAKCHECK_ENDING_TIMEOUT_MS);
}

bool is_own_turn() {
    const long process = system_call(SYS_getpid);
    long known = 0;
    return turns_process.compare_exchange_strong(known, process) || known == process;
}

}  // namespace

void show_ending(const void* stack) {
    if (leakcheck_config_record.shows_ending == LEAKCHECK_SHOWS_NO_END || !may_have_live_blocks() ||
        !owns_memory())
        return;
    const long process = system_call(SYS_getpid);
    if (shown.exchange(process) == process) return;
    wait_for_look(stack, end_of_process);
}

// Not inlined: what callers keep in registers is to be in this frame, and nothing else.
[[gnu::noinline]] void show_end_of_turn(std::uint64_t turn) {
    if (!owns_memory()) return;
    std::uint64_t last = shown_turn.load(std::memory_order_relaxed);
    if (last == turn || !shown_turn.compare_exchange_strong(last, turn)) return;
    const std::uint32_t owner = LEAKCHECK_TURN_OWNER(last);
    const bool is_around_tests = owner == end_of_process;
    if (is_around_tests || !is_own_turn()) return;
    __builtin_unwind_init();
    const void* stack = nullptr;
    __asm__ volatile("mov %%rsp, %0" : "=r"(stack));
    wait_for_look(stack, owner);
}

}  // namespace leakcheck::sampler
