// SPDX-License-Identifier: Apache-2.0
#include "sampler/census.hpp"

#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include <atomic>
#include <cstdint>

#include "sampler/config.hpp"
#include "sampler/next_allocator.hpp"
#include "sampler/probes.hpp"
#include "sampler/process_identity.hpp"
#include "sampler/system_call.hpp"
#include "sampler/tracking.hpp"

// Weak: there is no C++ library in a C program, and other C libraries need not have the first.
extern "C" {
[[gnu::weak]] void __libc_freeres();
[[gnu::weak]] void leakcheck_libstdcxx_freeres() __asm__("_ZN9__gnu_cxx9__freeresEv");
}

namespace leakcheck::sampler {
namespace {

constexpr long signal_set_size = 8;  // bytes of the kernel's sigset_t
constinit std::atomic<bool> taken{false};
constinit long seccomp_at_start = 0;

class SignalsBlocked {
  public:
    SignalsBlocked() {
        const std::uint64_t all = ~std::uint64_t{0};
        system_call(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before_, signal_set_size);
    }
    ~SignalsBlocked() {
        system_call(SYS_rt_sigprocmask, SIG_SETMASK, &before_, nullptr, signal_set_size);
    }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

  private:
    std::uint64_t before_ = 0;
};

void close_all_files() {
    if (system_call(SYS_close_range, 0u, ~0u, 0u) == 0) return;
    rlimit limit{};
    system_call(SYS_getrlimit, RLIMIT_NOFILE, &limit);
    for (rlim_t descriptor = 0; descriptor < limit.rlim_cur; ++descriptor)
        system_call(SYS_close, descriptor);
}

void keep_block(void*) {}
void keep_block_of_size(void*, std::size_t) {}
void keep_aligned_block_of_size(void*, std::size_t, std::size_t) {}

// The life of the copy.
[[noreturn]] void count_kept_blocks() {
    system_call(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    system_call(SYS_prctl, PR_SET_DUMPABLE, 0, 0, 0, 0);
    close_all_files();
    enter_census();
    next::free.replace(keep_block);
    next::free_sized.replace(keep_block_of_size);
    next::free_aligned_sized.replace(keep_aligned_block_of_size);
    leakcheck_fire_census(nullptr);
    if (leakcheck_libstdcxx_freeres != nullptr) leakcheck_libstdcxx_freeres();
    if (__libc_freeres != nullptr) __libc_freeres();
    leakcheck_fire_census_end(1);
    for (;;) system_call(SYS_exit_group, 0);
}

bool has_one_thread() {
    struct stat tasks {};
    const long result = system_call(SYS_newfstatat, AT_FDCWD, "/proc/self/task", &tasks, 0);
    return result == 0 && tasks.st_nlink == 3;  // ".", ".." and the thread's directory
}

// True: the copy has ended by itself, and well.
bool wait_for(long copy) {
    const long limit_ns = has_one_thread() ? 1'000'000'000 : 200'000'000;
    timespec pause{0, 20'000};
    int status = 0;
    for (long waited_ns = 0; waited_ns < limit_ns; waited_ns += pause.tv_nsec) {
        const long result = system_call(SYS_wait4, copy, &status, WNOHANG | __WCLONE, nullptr);
        if (result != 0) return result == copy && status == 0;
        system_call(SYS_nanosleep, &pause, nullptr);
        if (pause.tv_nsec < 1'000'000) pause.tv_nsec += pause.tv_nsec / 4;
    }
    system_call(SYS_kill, copy, SIGKILL);
    system_call(SYS_wait4, copy, &status, __WCLONE, nullptr);
    return false;
}

bool ask_a_copy() {
    const SignalsBlocked blocked;
    const long copy = system_call(SYS_clone, 0, nullptr, nullptr, nullptr, nullptr);
    if (copy == 0) count_kept_blocks();
    return copy > 0 && wait_for(copy);
}

bool may_have_live_blocks() {
    return counted::any_memory() != nullptr || live_blocks.size() != 0;
}

bool is_newly_confined() {
    return system_call(SYS_prctl, PR_GET_SECCOMP, 0, 0, 0, 0) != seccomp_at_start;
}

}  // namespace

void prepare_census() {
    seccomp_at_start = system_call(SYS_prctl, PR_GET_SECCOMP, 0, 0, 0, 0);
}

void take_census() {
    if (leakcheck_config_record.enabled == 0 || !may_have_live_blocks() || !owns_memory()) return;
    if (taken.exchange(true)) return;
    if (is_newly_confined() || !ask_a_copy()) leakcheck_fire_census_end(0);
}

}  // namespace leakcheck::sampler
