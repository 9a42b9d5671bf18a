// SPDX-License-Identifier: Apache-2.0
#include "sampler/thread_state.hpp"

#include <atomic>

namespace leakcheck::sampler {

[[gnu::tls_model("initial-exec")]] constinit thread_local ThreadState thread_state{};

namespace {

constinit std::atomic<std::uint64_t> threads{0};

}  // namespace

void begin_serials(ThreadState& thread) {
    if (thread.serial != 0) return;
    const std::uint64_t ordinal = threads.fetch_add(1, std::memory_order_relaxed) + 1;
    thread.serial = ordinal << thread_ordinal_shift;
}

std::uint64_t next_serial(ThreadState& thread) {
    begin_serials(thread);
    return ++thread.serial;
}

}  // namespace leakcheck::sampler
