// SPDX-License-Identifier: Apache-2.0
#include "sampler/control_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>

#include "sampler/config.hpp"
#include "sampler/random.hpp"
#include "sampler/system_call.hpp"

namespace leakcheck::sampler {
namespace {

std::uint64_t now_ms() {
    timespec now{};
    system_call(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1000 +
           static_cast<std::uint64_t>(now.tv_nsec) / 1000000;
}

}  // namespace

bool wait_until(bool (*done)(const void*), const void* argument, std::uint64_t timeout_ms) {
    constexpr long first_pause_ns = 20'000;
    constexpr long longest_pause_ns = 1'000'000;
    const std::uint64_t deadline = now_ms() + timeout_ms;
    timespec pause{0, first_pause_ns};
    while (!done(argument)) {
        if (now_ms() >= deadline) return false;
        system_call(SYS_nanosleep, &pause, nullptr);
        if (pause.tv_nsec < longest_pause_ns) pause.tv_nsec += pause.tv_nsec / 4;
    }
    return true;
}

std::uint64_t make_token() {
    const auto thread = static_cast<std::uint64_t>(system_call(SYS_gettid));
    const std::uint64_t token = mix(__builtin_ia32_rdtsc() ^ (thread << 48 | thread << 16));
    return token != 0 ? token : 1;
}

ControlFile::ControlFile() {
    const auto* path = const_cast<const char*>(leakcheck_config_record.control_path);
    if (*path == '\0') return;
    descriptor_ = system_call(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) return;
    const long result = system_call(SYS_mmap, nullptr, sizeof(leakcheck_control), PROT_READ,
                                    MAP_SHARED, descriptor_, 0);
    if (has_failed(result)) return;
    control_ = reinterpret_cast<const volatile leakcheck_control*>(result);
}

ControlFile::~ControlFile() {
    if (control_ != nullptr) system_call(SYS_munmap, control_, sizeof(leakcheck_control));
    if (descriptor_ >= 0) system_call(SYS_close, descriptor_);
}

bool ControlFile::is_attended() const {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_len = 1;
    return holds_control() && system_call(SYS_fcntl, descriptor_, F_OFD_GETLK, &lock) == 0 &&
           lock.l_type != F_UNLCK;
}

bool ControlFile::wait_for_answer(std::uint64_t token, std::uint64_t timeout_ms) const {
    struct Wait {
        const ControlFile& file;
        std::uint64_t token;
    };
    const Wait wait{*this, token};
    const auto over = [](const void* argument) {
        const auto& [file, awaited] = *static_cast<const Wait*>(argument);
        return !file.is_attended() || file.has_answered(awaited);
    };
    return wait_until(over, &wait, timeout_ms) && holds_control() && has_answered(token);
}

// A file cut short would fault when read.
bool ControlFile::holds_control() const {
    return control_ != nullptr && is_long_enough() && control_->magic == LEAKCHECK_CONTROL_MAGIC;
}

bool ControlFile::is_long_enough() const {
    return system_call(SYS_lseek, descriptor_, 0, SEEK_END) >=
           static_cast<long>(sizeof(leakcheck_control));
}

bool ControlFile::has_answered(std::uint64_t token) const {
    return control_->acks[token % LEAKCHECK_CONTROL_SLOTS] == token;
}

}  // namespace leakcheck::sampler
