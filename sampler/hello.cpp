// SPDX-License-Identifier: Apache-2.0
#include "sampler/hello.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "sampler/config.hpp"
#include "sampler/probes.hpp"
#include "sampler/process_identity.hpp"
#include "sampler/sampling.hpp"
#include "sampler/system_call.hpp"
#include "sampler/thread_state.hpp"

namespace leakcheck::sampler {
namespace {

// 0: not said; a pid: that process is saying it; said: done.
constexpr long said = -1;
constinit std::atomic<long> state{0};

std::uint64_t now_ms() {
    timespec now{};
    system_call(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1000 +
           static_cast<std::uint64_t>(now.tv_nsec) / 1000000;
}

// Waits until `done` says so, at most LEAKCHECK_HELLO_TIMEOUT_MS.
template <typename Done>
void wait_until(Done done) {
    constexpr long first_pause_ns = 20'000;
    constexpr long longest_pause_ns = 1'000'000;
    const std::uint64_t deadline = now_ms() + LEAKCHECK_HELLO_TIMEOUT_MS;
    timespec pause{0, first_pause_ns};
    while (!done() && now_ms() < deadline) {
        system_call(SYS_nanosleep, &pause, nullptr);
        if (pause.tv_nsec < longest_pause_ns) pause.tv_nsec += pause.tv_nsec / 4;
    }
}

// The runner's control file; closed and unmapped at the end of the scope.
class ControlFile {
  public:
    ControlFile() {
        const auto* path = const_cast<const char*>(leakcheck_config_record.control_path);
        if (*path == '\0') return;
        descriptor_ = system_call(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
        if (descriptor_ < 0) return;
        const long result = system_call(SYS_mmap, nullptr, sizeof(leakcheck_control), PROT_READ,
                                        MAP_SHARED, descriptor_, 0);
        if (result < 0 && result > -4096) return;
        control_ = reinterpret_cast<const volatile leakcheck_control*>(result);
    }
    ~ControlFile() {
        if (control_ != nullptr) system_call(SYS_munmap, control_, sizeof(leakcheck_control));
        if (descriptor_ >= 0) system_call(SYS_close, descriptor_);
    }
    ControlFile(const ControlFile&) = delete;
    ControlFile& operator=(const ControlFile&) = delete;

    // Somebody is there to answer: the runner holds a lock on the first byte while it lives.
    bool is_attended() const {
        struct flock lock {};
        lock.l_type = F_WRLCK;
        lock.l_whence = SEEK_SET;
        lock.l_len = 1;
        return holds_control() && system_call(SYS_fcntl, descriptor_, F_OFD_GETLK, &lock) == 0 &&
               lock.l_type != F_UNLCK;
    }
    bool has_answered(std::uint64_t token) const {
        return control_->acks[token % LEAKCHECK_CONTROL_SLOTS] == token;
    }

  private:
    // A file cut short would fault when read.
    bool holds_control() const {
        return control_ != nullptr && is_long_enough() &&
               control_->magic == LEAKCHECK_CONTROL_MAGIC;
    }
    bool is_long_enough() const {
        return system_call(SYS_lseek, descriptor_, 0, SEEK_END) >=
               static_cast<long>(sizeof(leakcheck_control));
    }

    long descriptor_ = -1;
    const volatile leakcheck_control* control_ = nullptr;
};

std::uint64_t make_token() {
    const auto pid = static_cast<std::uint64_t>(system_call(SYS_getpid));
    const std::uint64_t token = mix(__builtin_ia32_rdtsc() ^ (pid << 48 | pid << 16));
    return token != 0 ? token : 1;
}

void say_hello() {
    const std::uint64_t token = make_token();
    const ControlFile control;
    leakcheck_fire_hello(LEAKCHECK_ABI_VERSION, token);
    wait_until([&] { return !control.is_attended() || control.has_answered(token); });
}

}  // namespace

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
        wait_until([] { return state.load(std::memory_order_acquire) == said; });
    }
}

}  // namespace leakcheck::sampler
