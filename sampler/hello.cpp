// SPDX-License-Identifier: Apache-2.0
#include "sampler/hello.hpp"

#include <atomic>
#include <cstdint>

#include "abi/leakcheck_abi.h"
#include "sampler/cell.hpp"
#include "sampler/control_file.hpp"
#include "sampler/counted/counting.hpp"
#include "sampler/probes.hpp"
#include "sampler/process_identity.hpp"
#include "sampler/system_call.hpp"
#include "sampler/thread_state.hpp"

namespace leakcheck::sampler {
namespace {

// 0: not said; a pid: that process is saying it; said: done.
constexpr long said = -1;
constinit std::atomic<long> state{0};

void say_hello() {
    const Welcome welcome = greet();
    map_cell(welcome);
    if (current_cell.load(std::memory_order_acquire) != nullptr)
        counted::begin_counting(welcome.table());
}

}  // namespace

Welcome greet() {
    const std::uint64_t token = make_token();
    const ControlFile control;
    const WelcomeChannel channel(token);
    leakcheck_fire_hello(LEAKCHECK_ABI_VERSION, token);
    if (!control.wait_for_answer(token)) return {};
    return channel.receive();
}

void say_hello_once() {
    if (state.load(std::memory_order_acquire) == said || thread_state.greeting != 0) return;
    const long pid = system_call(SYS_getpid);
    long speaker = 0;
    if (state.compare_exchange_strong(speaker, pid, std::memory_order_acq_rel)) {
        thread_state.greeting = 1;
        remember_process();
        say_hello();
        thread_state.greeting = 0;
        state.store(said, std::memory_order_release);
    } else if (speaker == pid) {  // not a process forked while its parent was speaking
        wait_until([](const void*) { return state.load(std::memory_order_acquire) == said; },
                   nullptr);
    }
}

}  // namespace leakcheck::sampler
