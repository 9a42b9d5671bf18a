// SPDX-License-Identifier: Apache-2.0
#include "runner/launch/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace leakcheck {
namespace {

constexpr int kOwnError = 125;
constexpr int kNotExecutable = 126;
constexpr int kNotFound = 127;

enum class Step : int { streams, identity, exec };

struct Failure {  // what the child writes when it cannot become the command
    Step step;
    int error;
};

std::vector<char*> pointers(const std::vector<std::string>& strings) {
    std::vector<char*> result;
    for (const std::string& string : strings) result.push_back(const_cast<char*>(string.c_str()));
    result.push_back(nullptr);
    return result;
}

bool take_identity(const LaunchSpec& spec) {
    return !spec.change_identity || (::setgroups(spec.groups.size(), spec.groups.data()) == 0 &&
                                     ::setresgid(spec.gid, spec.gid, spec.gid) == 0 &&
                                     ::setresuid(spec.uid, spec.uid, spec.uid) == 0);
}

bool take_streams(const LaunchStreams& streams) {
    const std::array<int, 3> sources{streams.input, streams.output, streams.error};
    for (int target = 0; target < 3; ++target) {
        const int source = sources[static_cast<std::size_t>(target)];
        if (source >= 0 && ::dup2(source, target) < 0) return false;
    }
    return true;
}

// Returns only where it failed. Also called between fork and exec: only what is safe there.
Failure try_to_become(const LaunchSpec& spec, char* const* arguments, char** environment) {
    ::sigprocmask(SIG_SETMASK, &spec.signal_mask, nullptr);
    if (spec.group == ProcessGroup::own) ::setpgid(0, 0);
    if (!take_streams(spec.streams)) return {Step::streams, errno};
    if (!take_identity(spec)) return {Step::identity, errno};
    environ = environment;
    ::execvp(arguments[0], arguments);
    return {Step::exec, errno};
}

[[noreturn]] void become(const LaunchSpec& spec, char* const* arguments, char** environment,
                         int failure_fd) {
    const Failure failure = try_to_become(spec, arguments, environment);
    [[maybe_unused]] const ssize_t written = ::write(failure_fd, &failure, sizeof(failure));
    ::_exit(kOwnError);
}

[[noreturn]] void report(const LaunchSpec& spec, const Failure& failure) {
    const std::string why = std::strerror(failure.error);
    if (failure.step == Step::identity)
        throw LaunchError(
            fmt::format("cannot run {} as user {}: {}", spec.command[0], spec.uid, why), kOwnError);
    if (failure.step == Step::streams)
        throw LaunchError(
            fmt::format("cannot set the standard streams of {}: {}", spec.command[0], why),
            kOwnError);
    const int status = failure.error == ENOENT ? kNotFound : kNotExecutable;
    throw LaunchError(fmt::format("cannot run {}: {}", spec.command[0], why), status);
}

std::uint64_t nanoseconds(const timeval& time) {
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000u +
           static_cast<std::uint64_t>(time.tv_usec) * 1'000u;
}

std::optional<Failure> read_failure(int fd) {
    Failure failure{};
    ssize_t size = 0;
    do {
        size = ::read(fd, &failure, sizeof(failure));
    } while (size < 0 && errno == EINTR);
    if (size != sizeof(failure)) return std::nullopt;
    return failure;
}

}  // namespace

void become_command(const LaunchSpec& spec) {
    const std::vector<char*> arguments = pointers(spec.command);
    std::vector<char*> environment = pointers(spec.environment);
    report(spec, try_to_become(spec, arguments.data(), environment.data()));
}

Child::Child(const LaunchSpec& spec) : group_(spec.group) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw LaunchError(fmt::format("cannot make a pipe: {}", std::strerror(errno)), kOwnError);
    UniqueFd read_end(ends[0]);
    UniqueFd write_end(ends[1]);
    const std::vector<char*> arguments = pointers(spec.command);
    std::vector<char*> environment = pointers(spec.environment);
    pid_ = ::fork();
    if (pid_ < 0)
        throw LaunchError(fmt::format("cannot fork: {}", std::strerror(errno)), kOwnError);
    if (pid_ == 0) become(spec, arguments.data(), environment.data(), write_end.get());
    write_end.reset();
    pidfd_ = UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
    if (const auto failure = read_failure(read_end.get())) {
        ::waitpid(pid_, nullptr, 0);
        report(spec, *failure);
    }
}

std::optional<ChildResult> Child::result() {
    int status = 0;
    rusage usage{};
    if (::wait4(pid_, &status, WNOHANG, &usage) != pid_) return std::nullopt;
    cpu_ns_ = nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime);
    ChildResult result;
    if (WIFSIGNALED(status)) {
        result.end = ProcessEnd::signaled;
        result.status = WTERMSIG(status);
        result.core_dumped = WCOREDUMP(status);
    } else {
        result.status = WEXITSTATUS(status);
    }
    return result;
}

void Child::send(int signal) const {
    ::kill(pid_, signal);
}

void Child::kill() const {
    ::kill(group_ == ProcessGroup::own ? -pid_ : pid_, SIGKILL);
}

}  // namespace leakcheck
