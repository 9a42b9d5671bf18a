// SPDX-License-Identifier: Apache-2.0
//
//   request                  answer
//   {"config": {...}}        {}                  first, once
//   {"command": pid}         {}
//   {"progress": true}       {"progress": {...}}
//   {"cost": true}           {"cost": {...}}
//   {"pressure": level}      {}
//   {"finish": true}         {"result": {...}}   last
//   anything that fails      {"error": "one line"}
#include "runner/trace/trace_helper.hpp"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>

#include "runner/trace/local_tracer.hpp"
#include "runner/trace/message_channel.hpp"
#include "runner/trace/trace_messages.hpp"

namespace leakcheck {
namespace {

constexpr int kTickMs = 200;  // at least so often the tracer may tidy up

using TracerSlot = std::unique_ptr<LocalTracer>;

nlohmann::json answer(const nlohmann::json& request, TracerSlot& tracer) {
    if (const auto config = request.find("config"); config != request.end()) {
        tracer = std::make_unique<LocalTracer>(config->get<TraceConfig>());
        return nlohmann::json::object();
    }
    if (tracer == nullptr)
        return {{"error", "the tracing helper was asked before it was configured"}};
    if (const auto command = request.find("command"); command != request.end()) {
        tracer->set_command(command->get<int>());
        return nlohmann::json::object();
    }
    if (request.contains("progress")) return {{"progress", tracer->progress()}};
    if (request.contains("cost")) return {{"cost", tracer->cost()}};
    if (const auto pressure = request.find("pressure"); pressure != request.end()) {
        tracer->set_pressure(pressure->get<std::uint32_t>());
        return nlohmann::json::object();
    }
    if (request.contains("finish")) return {{"result", tracer->finish()}};
    return {{"error", "the tracing helper does not know this request"}};
}

nlohmann::json answer_or_error(const nlohmann::json& request, TracerSlot& tracer) {
    try {
        return answer(request, tracer);
    } catch (const std::exception& error) {
        return {{"error", error.what()}};
    }
}

// Waits for a request, serving the tracer meanwhile.
bool wait_for_request(int request_fd, const TracerSlot& tracer) {
    for (;;) {
        std::array<pollfd, 2> sources{
            {{request_fd, POLLIN, 0}, {tracer != nullptr ? tracer->event_fd() : -1, POLLIN, 0}}};
        if (::poll(sources.data(), sources.size(), kTickMs) < 0 && errno != EINTR) return false;
        if (tracer != nullptr) tracer->dispatch();
        if (sources[0].revents != 0) return true;
    }
}

}  // namespace

int run_trace_helper() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) ::signal(signal, SIG_IGN);
    MessageChannel channel(UniqueFd(::dup(STDIN_FILENO)), UniqueFd(::dup(STDOUT_FILENO)));
    TracerSlot tracer;
    try {
        while (wait_for_request(channel.read_fd(), tracer)) {
            const auto request = channel.receive();
            if (!request) return 0;
            channel.send(answer_or_error(*request, tracer));
        }
    } catch (const std::exception&) {
        // Nobody is left to be told.
    }
    return 1;
}

}  // namespace leakcheck
