// SPDX-License-Identifier: Apache-2.0
//
// CPU time of a command while it runs: of the process, its living descendants, and what they have waited
// for (proc(5): stat, task/TID/children). A descendant whose parent has died is no longer found.
// Thread safety: free functions without state.
#pragma once

#include <cstdint>
#include <string_view>

namespace leakcheck {

// In ns, in steps of the kernel's clock tick (10 ms). 0 when there is no such process.
std::uint64_t cpu_time_of_tree(int pid);

// Clock ticks in the text of /proc/PID/stat: own and waited-for, user and system. 0 when it is no such text.
std::uint64_t cpu_ticks_in_stat(std::string_view stat);

}  // namespace leakcheck
