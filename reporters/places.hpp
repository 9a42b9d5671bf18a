// SPDX-License-Identifier: Apache-2.0
//
// Where a leak is shown: a file and a line where there is one, the best that is known otherwise.
// Thread safety: free functions without state; the index only reads once built.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "analysis/report.hpp"

namespace leakcheck {

// Tests by their full name. Refers into the report it was built from.
class TestIndex {
  public:
    explicit TestIndex(const Report& report);

    // nullptr if the report has no such test.
    const TestResult* find(const std::string& name) const;
    // The test that owns the leak, or nullptr.
    const TestResult* owner(const Leak& leak) const;

  private:
    std::unordered_map<std::string, const TestResult*> tests_;
};

bool has_line(const SourceLocation& location);
bool has_line(const Frame& frame);

// Where annotations point. Always a file and a line >= 1: the leak site where it is inside the
// project, else the first frame that is; else where the owning test is defined; else the leak site or any frame with a line; else line 1 of the
// command.
SourceLocation annotated_place(const Report& report, const TestIndex& tests, const Leak& leak);

// "src/list.cpp:42", "libfoo.so+0x1234 (BuildId: 4f1c...)", "0x1234": on one harmless line.
std::string frame_place(const Frame& frame);

// The leak site as "src/list.cpp:42"; without a line "libfoo.so+0x1234 (...)" or "an unknown place".
std::string site_place(const Leak& leak);

// A frame on one line of at most a few hundred bytes: "List::append(int) at src/list.cpp:57".
std::string frame_line(const Frame& frame);

// The frames that people want to see, as indices [first, last) of the stack: from the leak site on,
// at most `limit`, without the callers of the project's code (test framework, thread and program
// start).
struct FrameRange {
    std::size_t first = 0;
    std::size_t last = 0;
};
FrameRange telling_frames(const Leak& leak, std::size_t limit);

// The name of the command without its folders, "process" where there is none.
std::string command_name(const Report& report);

}  // namespace leakcheck
