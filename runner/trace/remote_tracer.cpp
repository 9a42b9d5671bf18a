// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/remote_tracer.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "runner/trace/trace_error.hpp"
#include "runner/trace/trace_helper.hpp"
#include "runner/trace/trace_messages.hpp"

namespace leakcheck {
namespace {

struct Pipe {
    UniqueFd read_end;
    UniqueFd write_end;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw TraceError(std::string("cannot make a pipe: ") + std::strerror(errno));
    return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// In a session of its own: what the terminal sends (Ctrl-C) is not for the helper, which ends when its
// standard input does.
[[noreturn]] void become_helper(const std::string& program, int from_us, int to_us) {
    ::setsid();
    ::dup2(from_us, STDIN_FILENO);
    ::dup2(to_us, STDOUT_FILENO);
    ::execlp("sudo", "sudo", "-n", "--", program.c_str(), trace_helper_argument, nullptr);
    ::_exit(127);
}

}  // namespace

RemoteTracer::RemoteTracer(const TraceConfig& config) {
    const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
    Pipe requests = make_pipe();
    Pipe answers = make_pipe();
    helper_ = ::fork();
    if (helper_ < 0) throw TraceError(std::string("cannot fork: ") + std::strerror(errno));
    if (helper_ == 0) become_helper(program, requests.read_end.get(), answers.write_end.get());
    channel_ = std::make_unique<MessageChannel>(std::move(answers.read_end),
                                                std::move(requests.write_end));
    requests.read_end.reset();
    answers.write_end.reset();
    ask({{"config", config}});
}

RemoteTracer::~RemoteTracer() {
    channel_.reset();
    while (::waitpid(helper_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

nlohmann::json RemoteTracer::ask(const nlohmann::json& request) {
    channel_->send(request);
    auto answer = channel_->receive();
    if (!answer)
        throw TraceError(
            "the tracing helper (sudo -n leakcheck) ended early; run as root, or allow it without "
            "a password");
    if (const auto error = answer->find("error"); error != answer->end())
        throw TraceError(error->get<std::string>());
    return std::move(*answer);
}

void RemoteTracer::set_command(int pid) {
    ask({{"command", pid}});
}

TraceProgress RemoteTracer::progress() {
    return ask({{"progress", true}}).at("progress").get<TraceProgress>();
}

TraceCost RemoteTracer::cost() {
    return ask({{"cost", true}}).at("cost").get<TraceCost>();
}

void RemoteTracer::set_pressure(std::uint32_t level) {
    ask({{"pressure", level}});
}

TraceResult RemoteTracer::finish() {
    return ask({{"finish", true}}).at("result").get<TraceResult>();
}

}  // namespace leakcheck
