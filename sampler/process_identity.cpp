// SPDX-License-Identifier: Apache-2.0
#include "sampler/process_identity.hpp"

#include <sys/mman.h>

#include <atomic>

#include "sampler/system_call.hpp"

namespace leakcheck::sampler {
namespace {

constexpr unsigned long page_size = 4096;

// Holds the pid; null until remember_process() has succeeded.
constinit std::atomic<std::atomic<long>*> page{nullptr};

}  // namespace

void remember_process() {
    const long result = system_call(SYS_mmap, nullptr, page_size, PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (result < 0 && result > -4096) return;
    if (system_call(SYS_madvise, result, page_size, MADV_WIPEONFORK) != 0) {
        system_call(SYS_munmap, result, page_size);
        return;
    }
    auto* const fresh = reinterpret_cast<std::atomic<long>*>(result);
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
