// SPDX-License-Identifier: Apache-2.0
//
// Keeps an eye on what the tracing of a command costs, has less traced where that is too much, and tells of it
// in the end. Thread safety: none.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/report.hpp"
#include "runner/run/overhead_guard.hpp"
#include "runner/trace/tracer.hpp"

namespace leakcheck {

class OverheadWatch {
  public:
    // Seconds count from here. `limit_percent`: see OverheadGuard. Tracing stops after `duration`. The tracer
    // outlives this.
    OverheadWatch(Tracer& tracer, int command_pid, std::uint32_t limit_percent,
                  std::optional<std::chrono::seconds> duration);

    // Now and then while the command runs.
    void tick();
    // `cpu_ns`: of the command, when it has ended. `cost`: of all its events.
    Overhead finish(std::uint64_t cpu_ns, const TraceCost& cost) const;

  private:
    bool is_stopped() const { return !changes_.empty() && changes_.back().stopped; }
    void set_pressure(std::uint32_t level, PressureReason reason);

    Tracer& tracer_;
    int command_pid_;
    std::uint32_t limit_percent_;
    std::optional<std::chrono::seconds> duration_;
    OverheadGuard guard_;
    const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::vector<PressureChange> changes_;
};

}  // namespace leakcheck
