// SPDX-License-Identifier: Apache-2.0
#include "runner/run/supervise.hpp"

#include <poll.h>

#include <array>
#include <cerrno>

#include "runner/cli/options.hpp"

namespace leakcheck {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTickMs =
    200;  // at least so often the tracer may tidy up and the progress line moves

class Supervisor {
  public:
    Supervisor(Child& child, Signals& signals, Tracer& tracer, const SupervisionRules& rules)
        : child_(child), signals_(signals), tracer_(tracer), rules_(rules) {}

    Supervision run() {
        std::array<pollfd, 3> sources{{{child_.end_fd(), POLLIN, 0},
                                       {signals_.fd(), POLLIN, 0},
                                       {tracer_.event_fd(), POLLIN, 0}}};
        for (;;) {
            if (::poll(sources.data(), sources.size(), kTickMs) < 0 && errno != EINTR) break;
            signals_.dispatch([&](int signal, SignalOrigin origin) { handle(signal, origin); });
            tracer_.dispatch();
            if (const auto result = child_.result()) return {*result, cut_short_};
            if (is_late()) cut_short(CutShort::time_limit);
            if (rules_.overhead != nullptr) watch_overhead();
            if (rules_.progress != nullptr) show(*rules_.progress);
        }
        throw LaunchError("cannot wait for the command", own_error_status);
    }

  private:
    void handle(int signal, SignalOrigin origin) {
        if (rules_.signals == SignalPolicy::kill) {
            cut_short(CutShort::signal);
        } else if (origin == SignalOrigin::process) {
            child_.send(signal);
        }
    }

    bool is_late() const {
        return rules_.time_limit && Clock::now() - start_ >= *rules_.time_limit;
    }

    void cut_short(CutShort reason) {
        if (cut_short_ != CutShort::no) return;
        cut_short_ = reason;
        child_.kill();
    }

    // At each tick; events of the tracer wake us more often.
    void watch_overhead() {
        const auto now = Clock::now();
        if (now < next_watch_) return;
        next_watch_ = now + std::chrono::milliseconds(kTickMs);
        rules_.overhead->tick();
    }

    void show(ProgressLine& line) {
        const TraceProgress now = tracer_.progress();
        line.update({now.tests_ended, now.running_test, now.live_bytes});
    }

    Child& child_;
    Signals& signals_;
    Tracer& tracer_;
    const SupervisionRules& rules_;
    const Clock::time_point start_ = Clock::now();
    Clock::time_point next_watch_ = start_;
    CutShort cut_short_ = CutShort::no;
};

}  // namespace

Supervision supervise(Child& child, Signals& signals, Tracer& tracer,
                      const SupervisionRules& rules) {
    return Supervisor(child, signals, tracer, rules).run();
}

}  // namespace leakcheck
