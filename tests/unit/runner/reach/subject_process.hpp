// SPDX-License-Identifier: Apache-2.0
//
// A program of this folder as a child: started, listened to until it says "ready", and in the end told to end by closing
// its standard input.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/leak_kind.hpp"
#include "runner/reach/live_block.hpp"
#include "runner/unique_fd.hpp"

namespace leakcheck::reach::test {

struct Expectation {
    std::uint64_t address = 0;
    LeakKind kind{};
    std::string name;
};

class SubjectProcess {
  public:
    // Waits until it is ready; throws if that never comes.
    explicit SubjectProcess(const std::string& program, const std::string& argument = "");
    ~SubjectProcess();
    SubjectProcess(const SubjectProcess&) = delete;
    SubjectProcess& operator=(const SubjectProcess&) = delete;

    int pid() const { return pid_; }
    // The process that is to be looked at: the child, or one that it has made.
    int target() const { return target_; }
    const LiveBlocks& blocks() const { return blocks_; }
    const std::vector<Expectation>& expectations() const { return expectations_; }
    // Lets a read of its standard input go on.
    void write_byte() const;
    // Closes its standard input and returns its wait status.
    int wait_for_end();

  private:
    void read_until_ready(int file);
    bool take_line(const std::string& line);

    int pid_ = 0;
    int target_ = 0;
    UniqueFd input_;
    LiveBlocks blocks_;
    std::vector<Expectation> expectations_;
};

}  // namespace leakcheck::reach::test
