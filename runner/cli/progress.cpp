// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace leakcheck {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds interval{250};
constexpr const char* erase_line = "\r\x1b[K";

std::string bytes_text(std::uint64_t bytes) {
    constexpr std::array units{"kB", "MB", "GB", "TB", "PB", "EB"};
    if (bytes < 1000) return fmt::format("{} B", bytes);
    double value = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    for (; value >= 999.95 && unit + 1 < units.size(); ++unit) value /= 1000;
    return fmt::format("{:.1f} {}", value, units[unit]);
}

// A test name may hold anything, terminal escapes included.
std::string printable(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c > 0x7e; }, '?');
    return text;
}

}  // namespace

std::string progress_text(const ProgressState& state, seconds elapsed, std::size_t columns) {
    std::string text = fmt::format("leakcheck: {} {} done, {} live, {} s", state.tests_done,
                                   state.tests_done == 1 ? "test" : "tests",
                                   bytes_text(state.live_bytes), elapsed.count());
    if (!state.running_test.empty()) text += ", in " + printable(state.running_test);
    text.resize(std::min(text.size(), columns));
    return text;
}

std::string symbolizing_text(std::size_t done, std::size_t total, std::size_t columns) {
    std::string text = fmt::format("leakcheck: symbolizing {} of {} stacks",
                                   fmt::group_digits(done), fmt::group_digits(total));
    text.resize(std::min(text.size(), columns));
    return text;
}

ProgressLine::ProgressLine(std::ostream& out, Clock clock, Width width, milliseconds quiet)
    : out_(out),
      clock_(std::move(clock)),
      width_(std::move(width)),
      start_(clock_()),
      next_(start_ + quiet) {}

ProgressLine::~ProgressLine() {
    erase();
}

void ProgressLine::update(const ProgressState& state) {
    show([&](seconds elapsed, std::size_t columns) {
        return progress_text(state, elapsed, columns);
    });
}

void ProgressLine::update_symbolizing(std::size_t done, std::size_t total) {
    show([&](seconds, std::size_t columns) { return symbolizing_text(done, total, columns); });
}

template <typename MakeText>
void ProgressLine::show(MakeText&& make_text) {
    const auto now = clock_();
    if (now < next_) return;
    next_ = now + interval;
    // A line that fills the last column would wrap, and then only its second half be erased.
    const std::size_t columns = std::max<std::size_t>(width_(), 1) - 1;
    const auto elapsed = std::chrono::duration_cast<seconds>(now - start_);
    out_ << erase_line << make_text(elapsed, columns) << std::flush;
    shown_ = true;
}

void ProgressLine::erase() {
    if (!shown_) return;
    out_ << erase_line << std::flush;
    shown_ = false;
}

}  // namespace leakcheck
