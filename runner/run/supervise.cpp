// SPDX-License-Identifier: Apache-2.0
#include "runner/run/supervise.hpp"

#include <poll.h>

#include <array>
#include <cerrno>

#include "runner/cli/options.hpp"

namespace leakcheck {
namespace {

constexpr int kTickMs =
    200;  // at least so often the tracer may tidy up and the progress line moves

void show(ProgressLine& line, Tracer& tracer) {
    const TraceProgress now = tracer.progress();
    line.update({now.tests_ended, now.running_test, now.live_bytes});
}

}  // namespace

ChildResult supervise(Child& child, Signals& signals, Tracer& tracer, ProgressLine* progress) {
    std::array<pollfd, 3> sources{
        {{child.end_fd(), POLLIN, 0}, {signals.fd(), POLLIN, 0}, {tracer.event_fd(), POLLIN, 0}}};
    for (;;) {
        if (::poll(sources.data(), sources.size(), kTickMs) < 0 && errno != EINTR) break;
        signals.dispatch([&](int signal) { child.send(signal); });
        tracer.dispatch();
        if (const auto result = child.result()) return *result;
        if (progress != nullptr) show(*progress, tracer);
    }
    throw LaunchError("cannot wait for the command", own_error_status);
}

}  // namespace leakcheck
