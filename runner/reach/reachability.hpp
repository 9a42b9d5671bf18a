// SPDX-License-Identifier: Apache-2.0
//
// Which live blocks of a process can still be reached, and how: as valgrind and LeakSanitizer tell it, but from outside,
// of a program that knows nothing of it.
//
// The process is stopped (stopped_process.hpp: what that means for it and for its parent), the list of its blocks
// is asked for, memory is read and the pointers in it noted; then the process goes on, and what points to
// what is followed. Sizes in bytes, times of the monotonic clock.
//
// Memory, for each block: 16 bytes of the list, 8 to 16 to find it, 5 and 4 a pointer to a start (8 to an interior)
// for the graph, 14 while marking. Where places are kept, twice the graph, and 24 more from marking on.
// Errors: never thrown; a Reachability that has failed says why, and all blocks are unclassified.
// Thread safety: processes apart may be looked at from several threads at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/leak_kind.hpp"
#include "runner/reach/address_ranges.hpp"
#include "runner/reach/live_block.hpp"
#include "runner/reach/mark.hpp"
#include "runner/reach/root_places.hpp"
#include "runner/reach/scan_options.hpp"

namespace leakcheck::reach {

struct ReachabilityOptions {
    std::chrono::milliseconds stop_timeout{1000};
    // For all of it. Past this the process goes on and what is not proven is unclassified.
    std::chrono::milliseconds time_limit{10'000};
    unsigned threads = 2;  // that read and look for pointers
    Heuristics heuristics;
    // It is remembered what holds what, and kept where roots are, of as many blocks at most.
    std::size_t most_with_places = 0;
    // No roots, see RootInput: the sampler's object and table.
    std::vector<std::string> ignored_paths;
    AddressRanges ignored_ranges;
    // Asked while the process is stopped: whether it is in the middle of something that makes the list wrong. Then it is
    // let go and stopped again, but not for ever. Empty: never.
    std::function<bool()> is_in_motion;
    std::uint64_t ending_stack = 0;  // RootInput
    bool heaps_are_roots = false;    // for a list that has only some of the blocks
};

enum class ReachabilityFailure {
    gone,               // the process ended before or meanwhile
    traced_by_another,  // see StopFailure
    not_permitted,
    does_not_stop,
    no_time,  // the limit had passed before all was read: some blocks may be proven reachable
};

struct ReachabilityCounts {
    std::uint64_t threads = 0;             // that were stopped
    std::uint64_t root_bytes = 0;          // scanned
    std::uint64_t block_bytes = 0;         // scanned
    std::uint64_t unread_root_bytes = 0;   // that should have been read, but could not be
    std::uint64_t unread_block_bytes = 0;  // likewise: see PointerGraph::not_read
    std::uint64_t graph_bytes = 0;         // of leakcheck's memory
    std::chrono::nanoseconds pause{0};     // for which the process stood still
    std::chrono::nanoseconds duration{0};  // of all of it, the pause included
};

struct Reachability {
    std::optional<ReachabilityFailure> failure;
    LiveBlocks blocks;  // sorted by address; without those that LiveBlockIndex does not take
    Marks marks;        // by number in `blocks`
    RootPlaces places;  // what the roots are that blocks were reached from
    ReachabilityCounts counts;
};

// "the process is traced by another program": a few words for a report.
std::string describe(ReachabilityFailure failure);

// Asked once, while the process is stopped: before that, a list may be out of date at once.
using ListBlocks = std::function<LiveBlocks()>;

Reachability classify(int pid, const ListBlocks& list_blocks,
                      const ReachabilityOptions& options = {});

}  // namespace leakcheck::reach
