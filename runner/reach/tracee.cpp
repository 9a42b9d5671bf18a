// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/tracee.hpp"

#include <elf.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstring>

namespace leakcheck::reach {
namespace {

// Room for all that XSAVE can hold so far: 11 KiB with AMX.
constexpr std::size_t most_vector_bytes = 16384;

// Bytes that the kernel has filled in; 0 on failure.
std::size_t read_registers(int tid, long set, void* buffer, std::size_t size) {
    iovec vector{buffer, size};
    return ::ptrace(PTRACE_GETREGSET, tid, set, &vector) == 0 ? vector.iov_len : 0;
}

}  // namespace

int Tracee::seize() {
    if (::ptrace(PTRACE_SEIZE, tid_, 0, 0) != 0) return errno;
    if (::ptrace(PTRACE_INTERRUPT, tid_, 0, 0) != 0) return errno;
    return 0;
}

// WNOWAIT: where the process is a child of ours, somebody else here waits for its end. __WNOTHREAD: only what
// this thread traces.
Tracee::Progress Tracee::progress() {
    siginfo_t info{};
    const int result = ::waitid(P_PID, static_cast<id_t>(tid_), &info,
                                WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL | __WNOTHREAD);
    if (result != 0) return errno == EINTR ? Progress::running : Progress::ended;
    if (info.si_pid == 0) return Progress::running;
    if (info.si_code != CLD_TRAPPED && info.si_code != CLD_STOPPED) return Progress::ended;
    // In the stop that was asked for, the event stands above the signal; otherwise a signal is on its way.
    const bool is_event = info.si_status >> 8 == PTRACE_EVENT_STOP;
    pending_signal_ = is_event ? 0 : info.si_status & 0x7f;
    return Progress::stopped;
}

bool Tracee::read_state(ThreadState& state) const {
    user_regs_struct general{};
    if (read_registers(tid_, NT_PRSTATUS, &general, sizeof(general)) == 0) return false;
    state.tid = tid_;
    state.stack_pointer = general.rsp;
    state.thread_pointer = general.fs_base;
    state.general.resize(sizeof(general) / sizeof(std::uint64_t));
    std::memcpy(state.general.data(), &general, sizeof(general));
    state.vectors.resize(most_vector_bytes / sizeof(std::uint64_t));
    const std::size_t bytes =
        read_registers(tid_, NT_X86_XSTATE, state.vectors.data(), most_vector_bytes);
    state.vectors.resize(bytes / sizeof(std::uint64_t));
    return true;
}

void Tracee::detach() const {
    ::ptrace(PTRACE_DETACH, tid_, 0, pending_signal_);
}

}  // namespace leakcheck::reach
