// SPDX-License-Identifier: Apache-2.0
#include "runner/run/overhead_watch.hpp"

#include "runner/launch/cpu_time.hpp"

namespace leakcheck {

OverheadWatch::OverheadWatch(Tracer& tracer, int command_pid, std::uint32_t limit_percent,
                             std::optional<std::chrono::seconds> duration)
    : tracer_(tracer),
      command_pid_(command_pid),
      limit_percent_(limit_percent),
      duration_(duration),
      guard_(limit_percent) {}

void OverheadWatch::set_pressure(std::uint32_t level, PressureReason reason) {
    tracer_.set_pressure(level);
    const std::chrono::duration<double> since = std::chrono::steady_clock::now() - start_;
    changes_.push_back({since.count(), level, level == LEAKCHECK_PRESSURE_STOP, reason});
}

void OverheadWatch::tick() {
    if (is_stopped()) return;
    if (duration_ && std::chrono::steady_clock::now() - start_ >= *duration_)
        return set_pressure(LEAKCHECK_PRESSURE_STOP, PressureReason::duration);
    if (limit_percent_ == 0) return;
    const TraceCost cost = tracer_.cost();
    const auto level = guard_.check({cost.events, cpu_time_of_tree(command_pid_), cost.event_ns()});
    if (level) set_pressure(*level, PressureReason::cost);
}

Overhead OverheadWatch::finish(std::uint64_t cpu_ns, const TraceCost& cost) const {
    Overhead overhead;
    overhead.events = cost.events;
    overhead.timed_events = cost.timed_events;
    overhead.event_ns = cost.event_ns();
    overhead.trap_ns = cost.trap_ns;
    overhead.cpu_seconds = static_cast<double>(cpu_ns) * 1e-9;
    overhead.limit_percent = limit_percent_;
    overhead.pressure = changes_;
    return overhead;
}

}  // namespace leakcheck
