// SPDX-License-Identifier: Apache-2.0
//
// SIGINT, SIGTERM, SIGHUP and SIGQUIT while the command runs: they are meant for it, and leakcheck lives on
// to write its reports. While the object lives they are blocked in this process and come as data.
// One that the terminal sent (Ctrl-C) has reached the command already, since it is in the same process
// group; it must not be sent twice. One that leakcheck was told to ignore (nohup) stays ignored.
// Thread safety: one object, made before any thread is.
#pragma once

#include <signal.h>

#include <functional>

#include "runner/unique_fd.hpp"

namespace leakcheck {

enum class SignalOrigin { terminal, process };

class Signals {
  public:
    Signals();
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    // The mask that was in force before: the one for the command.
    const sigset_t& original_mask() const { return original_; }
    int fd() const { return fd_.get(); }
    // Calls on_signal for each that has come. What the terminal sent, its foreground process group has had.
    void dispatch(const std::function<void(int signal, SignalOrigin origin)>& on_signal);

  private:
    sigset_t original_{};
    UniqueFd fd_;
};

}  // namespace leakcheck
