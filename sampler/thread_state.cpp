// SPDX-License-Identifier: Apache-2.0
#include "sampler/thread_state.hpp"

#include <atomic>

namespace leakcheck::sampler {

[[gnu::tls_model("initial-exec")]] constinit thread_local ThreadState thread_state{};

namespace {

constinit std::atomic<std::uint64_t> threads{0};

}  // namespace

std::uint64_t next_serial(ThreadState& thread) {
    if (thread.serial == 0)
        thread.serial = (threads.fetch_add(1, std::memory_order_relaxed) + 1)
                        << thread_ordinal_shift;
    return ++thread.serial;
}

}  // namespace leakcheck::sampler
