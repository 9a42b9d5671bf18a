// SPDX-License-Identifier: Apache-2.0
//
// A process that stands still: all its threads are held by ptrace(2), by PTRACE_SEIZE and PTRACE_INTERRUPT, until
// the object goes. Nothing in it changes: no signal is sent, one that was on its way is delivered when the process goes
// on, a process that was stopped by a signal is stopped again, and system calls that were interrupted are
// taken up by the kernel (those that report EINTR after a stop by a signal even without a handler, signal(7), do so here
// too). If leakcheck dies, the kernel lets the process go.
//
// ptrace knows the tracer by its thread, therefore a thread of the object's own does all of it; what could not be
// stopped in time is let go when that thread ends. The parent of the process, if it is this one, is told of
// stops by SIGCHLD and sees them by waitpid(2) from any of its threads unless it passes __WNOTHREAD: meanwhile wait for
// the process only by its pidfd, or by waitid(2) with WEXITED and WNOWAIT.
//
// Errors: a StopFailure. Thread safety: const functions from any thread; it may be destroyed in any thread.
#pragma once

#include <chrono>
#include <memory>
#include <thread>
#include <variant>
#include <vector>

#include "runner/reach/tracee.hpp"

namespace leakcheck::reach {

enum class StopFailure {
    gone,               // there is no such process any more, or it died meanwhile
    traced_by_another,  // by a debugger, or strace
    not_permitted,      // ptrace(2), "Ptrace access mode checking"; Yama's ptrace_scope
    does_not_stop,  // a thread sleeps in the kernel in a way that nothing interrupts, as in vfork(2)
};

class StoppedProcess {
  public:
    using Result = std::variant<std::unique_ptr<StoppedProcess>, StopFailure>;

    // Waits at most that long for all threads to stop.
    static Result stop(int pid, std::chrono::milliseconds timeout);
    ~StoppedProcess();
    StoppedProcess(const StoppedProcess&) = delete;
    StoppedProcess& operator=(const StoppedProcess&) = delete;

    // Those that had not ended, each with its registers.
    const std::vector<ThreadState>& threads() const;

  private:
    class Tracer;
    explicit StoppedProcess(std::unique_ptr<Tracer> tracer);

    std::unique_ptr<Tracer> tracer_;
};

}  // namespace leakcheck::reach
