// SPDX-License-Identifier: Apache-2.0
//
// The threads of a process, from /proc/PID/task (proc(5)). Thread safety: free functions.
#pragma once

#include <cstdint>
#include <vector>

namespace leakcheck::reach {

// Those that have ended but are still listed, too. Empty if the process is gone.
std::vector<int> thread_ids(int pid);
// It is gone, or only waits for somebody to take note of its end.
bool thread_has_ended(int pid, int tid);
// Where the first thread's stack began when the process was started: above are its arguments and environment. 0: it is
// not known. `tid`: any thread that has not ended.
std::uint64_t first_stack_start(int tid);
// Who traces it by ptrace(2); 0: nobody.
int tracer_of(int pid, int tid);

// Where the program's own headers are in memory, by what the kernel told the process at its start; 0: unknown.
std::uint64_t program_address(int pid);

}  // namespace leakcheck::reach
