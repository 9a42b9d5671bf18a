// SPDX-License-Identifier: Apache-2.0
//
// The line that tells on a terminal how a run gets on: tests done, the running one, live bytes,
// seconds; and when the command has ended, how many stacks are symbolized. Whoever prints anything
// else on that terminal calls erase() first; the next update shows it again. Thread safety: none; one thread uses it. Errors: a failing stream shows nothing.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <ostream>
#include <string>

namespace leakcheck {

struct ProgressState {
    std::uint64_t tests_done = 0;
    std::string running_test;  // "Suite.Test", any bytes; empty for none
    std::uint64_t live_bytes = 0;
};

class ProgressLine {
  public:
    using Clock = std::function<std::chrono::steady_clock::time_point()>;
    using Width = std::function<std::size_t()>;  // columns of the terminal now

    // `out` outlives this. Seconds count from here; nothing is shown within the first `quiet`.
    ProgressLine(std::ostream& out, Clock clock, Width width,
                 std::chrono::milliseconds quiet = std::chrono::milliseconds(250));
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    // Shows the state, but at most four times a second: what comes sooner is dropped.
    void update(const ProgressState& state);
    // After the command has ended: `done` of at most `total` stacks.
    void update_symbolizing(std::size_t done, std::size_t total);
    void erase();

  private:
    template <typename MakeText>
    void show(MakeText&& make_text);

    std::ostream& out_;
    Clock clock_;
    Width width_;
    std::chrono::steady_clock::time_point start_;
    std::chrono::steady_clock::time_point next_;  // not shown again before
    bool shown_ = false;
};

// The text of the line, at most `columns` wide; bytes that are not printable ASCII show as "?".
std::string progress_text(const ProgressState& state, std::chrono::seconds elapsed,
                          std::size_t columns);
std::string symbolizing_text(std::size_t done, std::size_t total, std::size_t columns);

}  // namespace leakcheck
