// SPDX-License-Identifier: Apache-2.0
//
// Decides how much less is to be traced, from what tracing costs. Pure. Thread safety: none; a plain value.
//
// The share of tracing in CPU time is looked at over windows of at least 0.1 s of CPU time. Where it is above
// the limit, the level rises by as many steps as bring it under the limit when each step halves the rate of
// events: with T the time spent on tracing in the window, A the rest, and m the limit, the share of T / 2^k is
// m at most when 2^k >= T (1 - m) / (A m). The window after a change is not judged, since blocks that are
// traced already still cause events. At the coarsest rate tracing is stopped instead. The level never falls:
// a run that was too expensive once would only swing to and fro.
#pragma once

#include <cstdint>
#include <optional>

#include "abi/leakcheck_abi.h"

namespace leakcheck {

// Since the command began.
struct OverheadSample {
    std::uint64_t events = 0;
    std::uint64_t cpu_ns = 0;
    double event_ns = 0.0;  // mean cost of one event; 0: not known yet
};

class OverheadGuard {
  public:
    // `limit_percent`: of CPU time; 0 and 100 or more: no limit.
    explicit OverheadGuard(std::uint32_t limit_percent) : limit_(limit_percent / 100.0) {}

    // The new level, where it changes: 0 as asked for, then one in 2^level, LEAKCHECK_PRESSURE_STOP: nothing.
    // Samples never run backwards.
    std::optional<std::uint32_t> check(const OverheadSample& now);
    std::uint32_t level() const { return level_; }

  private:
    struct Window {
        double tracing_ns;
        double other_ns;
    };

    bool has_limit() const { return limit_ > 0.0 && limit_ < 1.0; }
    Window window_until(const OverheadSample& now) const;
    std::uint32_t steps_needed(const Window& window) const;
    std::uint32_t raised(std::uint32_t steps) const;

    double limit_;  // share of 1
    std::uint32_t level_ = 0;
    bool is_settling_ = false;  // the next window is not judged
    OverheadSample begin_;      // of the window
};

}  // namespace leakcheck
