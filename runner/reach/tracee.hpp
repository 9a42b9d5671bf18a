// SPDX-License-Identifier: Apache-2.0
//
// One thread of another process under ptrace(2), without a signal being sent and without one being lost.
// Nobody is asked for an exit status here either: it is left to whom it belongs.
// Thread safety: ptrace knows the tracer by its thread, so all calls come from the one that seized. When that thread
// ends, the kernel lets go of all that it traces, also of what could not be stopped.
#pragma once

#include <cstdint>
#include <vector>

namespace leakcheck::reach {

// What a stopped thread has in its hands.
struct ThreadState {
    int tid = 0;
    std::uint64_t stack_pointer = 0;
    std::uint64_t thread_pointer = 0;    // fs_base: its thread control block
    std::vector<std::uint64_t> general;  // general registers, as in struct user_regs_struct
    std::vector<std::uint64_t> vectors;  // as XSAVE lays them out (Intel SDM, volume 1, 13.4)
};

class Tracee {
  public:
    enum class Progress { running, stopped, ended };

    explicit Tracee(int tid) : tid_(tid) {}

    int tid() const { return tid_; }
    // Becomes the tracer and asks the thread to stop. Returns 0 or ptrace's errno.
    int seize();
    // How far it has come, without waiting.
    Progress progress();
    // Of a stopped thread. False if it has been killed.
    bool read_state(ThreadState& state) const;
    // Lets it go on, with the signal that was about to be delivered when it stopped, if there was one.
    void detach() const;

  private:
    int tid_;
    int pending_signal_ = 0;
};

}  // namespace leakcheck::reach
