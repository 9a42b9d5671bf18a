// SPDX-License-Identifier: Apache-2.0
//
// The launched command. It keeps what leakcheck was started with: standard streams, other inherited
// descriptors, process group, working directory, signal mask and dispositions. Boost.Process is not used
// here: its launcher closes every descriptor above 2 and knows nothing of groups and users.
// Errors: LaunchError. Thread safety: launch from a single-threaded process (it forks).
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "analysis/report.hpp"
#include "runner/unique_fd.hpp"

namespace leakcheck {

// Descriptors, above 2, that the command gets as its standard streams; -1: the one of this process.
struct LaunchStreams {
    int input = -1;
    int output = -1;
    int error = -1;
};

// Whom the terminal's signals reach, and whom kill() ends.
enum class ProcessGroup { of_caller, own };

struct LaunchSpec {
    std::vector<std::string> command;      // as execvp takes it
    std::vector<std::string> environment;  // whole, "NAME=value"
    bool change_identity = false;
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups;
    sigset_t signal_mask{};  // that the child starts with
    LaunchStreams streams;
    ProcessGroup group = ProcessGroup::of_caller;
};

// The command could not be started. `status`: 126 (not executable), 127 (not found) or 125.
class LaunchError : public std::runtime_error {
  public:
    LaunchError(const std::string& message, int status)
        : std::runtime_error(message), status_(status) {}
    int status() const { return status_; }

  private:
    int status_;
};

// Puts the command in the place of this process. Returns only by throwing; what of `spec` was taken on until
// then stays.
[[noreturn]] void become_command(const LaunchSpec& spec);

class Child {
  public:
    // Returns when the command has been executed, or throws when it could not be.
    explicit Child(const LaunchSpec& spec);

    int pid() const { return pid_; }
    // Readable when the command has ended.
    int end_fd() const { return pidfd_.get(); }
    // How it ended; nothing if it has not. Reaps it.
    std::optional<ChildResult> result();
    // When it has ended: the CPU time of it and of all it waited for, in ns.
    std::uint64_t cpu_ns() const { return cpu_ns_; }
    void send(int signal) const;
    // SIGKILL: to its whole process group where that is its own, else to it alone.
    void kill() const;

  private:
    pid_t pid_ = -1;
    ProcessGroup group_;
    UniqueFd pidfd_;
    std::uint64_t cpu_ns_ = 0;
};

}  // namespace leakcheck
