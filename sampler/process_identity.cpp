// SPDX-License-Identifier: Apache-2.0
#include "sampler/process_identity.hpp"

#include <atomic>

#include "sampler/system_call.hpp"
#include "sampler/wiped_memory.hpp"

namespace leakcheck::sampler {
namespace {

// Holds the pid; null until remember_process() has succeeded.
constinit std::atomic<std::atomic<long>*> page{nullptr};

}  // namespace

void remember_process() {
    auto* const fresh =
        static_cast<std::atomic<long>*>(map_wiped_memory(sizeof(std::atomic<long>)));
    if (fresh == nullptr) return;
    fresh->store(system_call(SYS_getpid), std::memory_order_relaxed);
    page.store(fresh, std::memory_order_release);
}

bool owns_memory() {
    std::atomic<long>* const remembered = page.load(std::memory_order_acquire);
    if (remembered == nullptr) return false;
    const long pid = system_call(SYS_getpid);
    long expected = 0;
    return remembered->compare_exchange_strong(expected, pid, std::memory_order_relaxed) ||
           expected == pid;
}

}  // namespace leakcheck::sampler
