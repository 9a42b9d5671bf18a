// SPDX-License-Identifier: Apache-2.0
//
// Runs a program with the sampler preloaded and records, by ptrace, which probe sites it fires with
// which arguments: what the BPF programs would see, without BPF. Follows threads, forks and execs.
// One recorder at a time in a process: it waits for all children.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/unit/sampler/traced_library.hpp"

namespace leakcheck::test {

struct Event {
    std::string site;  // "alloc", "free", ... without "leakcheck_probe_"
    pid_t process = 0;
    pid_t thread = 0;
    std::array<std::uint64_t, 6> arguments{};
    std::string text;  // "note": its text; "owner": "suite|test"
    std::string
        caller_file;  // "alloc": the file that holds the return address of the interposed function
};

struct Recording {
    std::vector<Event> events;
    std::map<pid_t, int> ended;  // wait status by process
    pid_t main = 0;
    std::string output;  // stdout

    int exit_status() const;  // of the main process; 128 + N for a signal
    std::vector<Event> of_site(const std::string& site) const;
};

struct Command {
    std::vector<std::string> arguments;           // the program first
    std::vector<std::string> preloaded_behind{};  // further libraries
    std::function<void(const Event&)>
        on_event{};  // called while the thread that fired stands still
};

// False: ptrace is not permitted here.
bool can_record();

Recording record(const TracedLibrary& library, const Command& command);

// Blocks allocated and not freed in the process, by address: size. Without those the census named.
std::map<std::uint64_t, std::uint64_t> outstanding(const Recording& recording, pid_t process);

// What happened between the program's marks "begin" and "end" (see programs/marks.h), one line an
// event: "alloc 1 10" (block number, size), "free 1", "mark text", "mark text 1" for a mark that
// names a block. A free whose serial is not its block's is "free ?".
std::vector<std::string> transcript(const Recording& recording);

}  // namespace leakcheck::test
