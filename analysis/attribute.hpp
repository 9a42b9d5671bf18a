// SPDX-License-Identifier: Apache-2.0
//
// First stage: what is outstanding, whose it is, and whether it counts. The C library's own blocks
// and those under the age limit are taken out and summed. Ownership: the result refers to the
// snapshot. Thread safety: free functions without state.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/gating.hpp"
#include "analysis/stacks.hpp"

namespace leakcheck {

struct OutstandingGroup {
    const LiveGroup* group = nullptr;
    const ProcessRecord* process = nullptr;
    std::size_t owner = 0;  // index into Owners::all()
    NotGated not_gated = NotGated::none;
    const std::string* known_reason = nullptr;  // for NotGated::known, else null
};

struct BlockSum {
    std::uint64_t blocks = 0;
    std::uint64_t bytes = 0;
};

struct Outstanding {
    std::vector<OutstandingGroup> groups;
    BlockSum libc;     // kept by the C library or the allocator itself until exit
    BlockSum younger;  // under the age limit at the end of their process
    BlockSum lost;     // of a process that is not on record: nothing can be said about them
};

Outstanding attribute(const Snapshot& snapshot, const Processes& processes, const Owners& owners,
                      const AnalysisOptions& options);

// An allocator library that takes glibc's place allocates for itself as well, through the functions that
// it gives to everybody: those blocks join the C library's own. Told by the innermost frame.
void set_aside_allocators_own(Outstanding& outstanding, Stacks& stacks);

}  // namespace leakcheck
