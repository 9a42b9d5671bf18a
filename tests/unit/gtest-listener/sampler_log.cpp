// SPDX-License-Identifier: Apache-2.0
//
// A sampler that appends each owner it is told of to the file named by LISTENER_LOG, as
// "kind|suite|test"; of a death test's child, with "child " before it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

std::string text_or_dash(const char* text) {
    return text != nullptr ? text : "-";
}

// One write for a line, so that lines of several processes do not mix.
void append_line(const std::string& line) {
    const char* path = std::getenv("LISTENER_LOG");
    if (path == nullptr) return;
    const int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || write(file, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
        std::abort();
    }
    close(file);
}

}  // namespace

extern "C" {

void leakcheck_v1_owner(int kind, const char* suite, const char* test) {
    const char* const process = testing::internal::InDeathTestChild() ? "child " : "";
    append_line(process + std::to_string(kind) + "|" + text_or_dash(suite) + "|" +
                text_or_dash(test) + "\n");
}

void leakcheck_v1_note(int, std::uint64_t, std::uint64_t, const char*) {}

void leakcheck_v1_untracked(int) {}

}  // extern "C"
