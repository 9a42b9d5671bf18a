// SPDX-License-Identifier: Apache-2.0
#include "runner/run/overhead_guard.hpp"

#include <algorithm>
#include <cmath>

namespace leakcheck {
namespace {

constexpr std::uint64_t shortest_window_ns = 100'000'000;  // ten clock ticks

}  // namespace

std::optional<std::uint32_t> OverheadGuard::check(const OverheadSample& now) {
    if (!has_limit() || level_ == LEAKCHECK_PRESSURE_STOP || now.event_ns <= 0.0)
        return std::nullopt;
    if (now.cpu_ns < begin_.cpu_ns + shortest_window_ns) return std::nullopt;
    const std::uint32_t steps = steps_needed(window_until(now));
    begin_ = now;
    if (is_settling_) {
        is_settling_ = false;
        return std::nullopt;
    }
    if (steps == 0) return std::nullopt;
    level_ = raised(steps);
    is_settling_ = true;
    return level_;
}

OverheadGuard::Window OverheadGuard::window_until(const OverheadSample& now) const {
    const auto cpu_ns = static_cast<double>(now.cpu_ns - begin_.cpu_ns);
    const double tracing_ns = static_cast<double>(now.events - begin_.events) * now.event_ns;
    // The cost is a mean: it may come out above all the time there was.
    constexpr double smallest_rest = 0.001;
    return {tracing_ns, std::max(cpu_ns - tracing_ns, smallest_rest * cpu_ns)};
}

std::uint32_t OverheadGuard::steps_needed(const Window& window) const {
    const double allowed_ns = window.other_ns * limit_ / (1.0 - limit_);
    if (window.tracing_ns <= allowed_ns) return 0;
    return static_cast<std::uint32_t>(std::ceil(std::log2(window.tracing_ns / allowed_ns)));
}

std::uint32_t OverheadGuard::raised(std::uint32_t steps) const {
    if (level_ == LEAKCHECK_PRESSURE_COARSEST) return LEAKCHECK_PRESSURE_STOP;
    return std::min<std::uint32_t>(level_ + steps, LEAKCHECK_PRESSURE_COARSEST);
}

}  // namespace leakcheck
