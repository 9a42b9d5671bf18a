// SPDX-License-Identifier: Apache-2.0
//
// The snapshot: all that a run left behind, as plain data. Engines produce it, the analysis consumes it;
// nothing in it refers to the kernel, the file system or a live process.
//
// Units: sizes in bytes, times in nanoseconds of CLOCK_MONOTONIC, addresses as the process saw them.
// Ownership: plain values. Thread safety: none needed; built once, then only read.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/holding_path.hpp"
#include "analysis/leak_kind.hpp"
#include "analysis/sampling_info.hpp"

namespace leakcheck {

// Ids are distinct types so that one cannot stand in for another. 0 means "none".
enum class ProcessId : std::uint32_t {};  // one per process image: fork and exec give new ones
enum class OwnerId : std::uint32_t {};    // one per bracket in which allocations are made
enum class NoteId : std::uint32_t {};

enum class ProcessEnd {
    running,   // still alive when the snapshot was taken
    exited,    // exit, _exit, or main returned; `status` is the exit code
    signaled,  // `status` is the signal number
    replaced,  // by exec: the image is gone, the pid lives on
};

struct ProcessRecord {
    ProcessId id{};
    ProcessId parent{};     // the process it was forked from, or the image that exec replaced
    int pid = 0;            // as seen from leakcheck's PID namespace
    bool is_main = false;   // the command that leakcheck launched (its last image, when it execs)
    bool is_image = false;  // started by exec (false: by fork)
    bool sampled = false;   // the sampler was loaded in it
    bool death_test_child = false;  // re-executed by GoogleTest for a "threadsafe" death test
    ProcessEnd end = ProcessEnd::running;
    int status = 0;
    OwnerId last_owner{};  // what was running when it ended
    std::uint64_t start_ns = 0;
    std::uint64_t end_ns = 0;
    std::string command;  // its arguments, joined by blanks; cut where long

    bool operator==(const ProcessRecord&) const = default;
};

enum class OwnerKind {
    outside_tests,
    environment_set_up,
    environment_tear_down,
    suite_set_up,
    suite_tear_down,
    test,
};

struct OwnerRecord {
    OwnerId id{};
    OwnerKind kind = OwnerKind::outside_tests;
    std::string suite;  // empty for outside_tests and environments
    std::string test;   // only for OwnerKind::test
    bool name_cut = false;
    std::uint32_t runs =
        0;  // how often the bracket was entered (--gtest_repeat), children included
    std::uint64_t first_order = 0;  // position in the run: rises with first entry
    std::uint64_t duration_ns = 0;  // of all its brackets together

    bool operator==(const OwnerRecord&) const = default;
};

// How far a stack could be followed, from best to worst. Call frame information is what compilers
// write for unwinding (.eh_frame, .debug_frame).
enum class StackStatus {
    complete,       // to the thread's first frame, by call frame information
    frame_pointer,  // to its end, but at least one step was guessed by frame pointers, where no
                    // information covers the code (crt files, JIT code): callers may be missing
    truncated,      // cut: by the depth limit, unreadable memory, or information that cannot be
                    // followed
    missing,        // no table covers the code and frame pointers lead nowhere; or none kept
};

struct StackRecord {
    StackId id{};
    ProcessId process{};
    StackStatus status = StackStatus::missing;
    std::uint64_t first_seen_ns = 0;
    std::vector<std::uint64_t> frames;  // return addresses, innermost first

    bool operator==(const StackRecord&) const = default;
};

// Whose stack it is that a live block is shown with.
enum class StackOrigin {
    own,             // the block's own: it was traced when it was made
    same_path,       // of another block that came by the same return addresses, one by one
    representative,  // of another block of the same calling context, as far as that could be told
};

// Live blocks that agree in all but size, address and time, summed. The engine keeps blocks older and
// younger than the age limit (-o) in groups apart; a group with blocks of both ages counts as old, so that
// no leak is hidden by a young neighbour.
struct LiveGroup {
    ProcessId process{};
    OwnerId owner{};
    StackId stack{};
    NoteId note{};  // why it is a known leak, or none
    StackOrigin stack_origin = StackOrigin::own;
    LeakKind kind = LeakKind::outstanding;
    OwnerId released_in{};  // of released_late: in whose turn
    // Of definite blocks: what only they lead to. These blocks are in groups of their own as well.
    std::uint64_t indirect_blocks = 0;
    std::uint64_t indirect_bytes = 0;
    // What keeps one of the blocks: the one that is fewest steps away from a root.
    HoldingPath held_by;
    bool libc_owned = false;  // kept by the C library itself until exit
    double weight = 1.0;      // 1/inclusion probability of each block
    std::uint32_t repetition =
        0;  // the iteration of the process's tests, from 1 on; 0: not told apart
    std::uint64_t blocks = 0;
    std::uint64_t bytes = 0;
    double bytes_squared = 0.0;  // sum of size^2, for the variance of the byte estimate
    std::uint64_t largest = 0;
    std::uint64_t oldest_ns = 0;
    std::uint64_t newest_ns = 0;

    bool operator==(const LiveGroup&) const = default;
};

// Everything ever allocated under (process, owner, stack): observed counts and weighted sums. Without a stack
// where blocks are counted.
struct AllocationTotal {
    ProcessId process{};
    OwnerId owner{};
    StackId stack{};
    std::uint64_t allocated_blocks = 0;
    std::uint64_t allocated_bytes = 0;
    std::uint64_t freed_blocks = 0;
    std::uint64_t freed_bytes = 0;
    double estimated_blocks = 0.0;
    double estimated_bytes = 0.0;

    bool operator==(const AllocationTotal&) const = default;
};

// What a process allocated while an owner's turn lasted, where all blocks are counted: the owner's part of
// the leak curve. Live bytes are all that the process had; with several threads they may be off by 64 KiB for
// each.
struct OwnerUsage {
    ProcessId process{};
    OwnerId owner{};
    std::uint64_t allocated_blocks = 0;
    std::uint64_t allocated_bytes = 0;
    std::uint64_t freed_blocks = 0;  // in its turn, whoever had made them
    std::uint64_t freed_bytes = 0;
    std::uint64_t live_before = 0;  // bytes, when its first turn began
    std::uint64_t live_after = 0;   // bytes, when its last turn ended
    std::uint64_t peak = 0;         // bytes, the most in between

    bool operator==(const OwnerUsage&) const = default;
};

// Looks at the pointers of a process, at its end and maybe at those of its tests, which gave its blocks their kinds.
// `threads` is 0 where its end was not seen.
struct PointerCheck {
    ProcessId process{};
    std::string
        failure;  // why there are blocks without a kind, in a few words; empty: there are none
    std::uint64_t threads = 0;  // that were stopped for it
    std::uint64_t scanned_bytes = 0;
    std::uint64_t unread_bytes = 0;  // that should have been read, but could not be
    std::uint64_t pause_ns = 0;      // for which the process stood still
    // Looks at the ends of its tests: how many, how many in vain, and all their pauses.
    std::uint64_t test_ends = 0;
    std::uint64_t failed_test_ends = 0;
    std::uint64_t test_ends_pause_ns = 0;
    bool kept_paths = false;  // it is known what keeps its blocks; else there were too many of them

    bool operator==(const PointerCheck&) const = default;
};

enum class NoteKind { budget, known_leak };

struct NoteRecord {
    NoteId id{};
    NoteKind kind = NoteKind::budget;
    ProcessId process{};
    OwnerId owner{};
    std::uint64_t bytes = 0;   // budget only
    std::uint64_t blocks = 0;  // budget only
    std::string text;

    bool operator==(const NoteRecord&) const = default;
};

// A kind of loss that happened. `harms_verdict`: leaks may have been missed, so a pass is inconclusive.
struct Loss {
    std::string name;         // stable, as in the JSON: "live_map_full", ...
    std::string explanation;  // one sentence: what is missing and the mend
    std::uint64_t count = 0;
    bool harms_verdict = false;

    bool operator==(const Loss&) const = default;
};

enum class TestDiscovery {
    brackets,      // tests are told apart
    no_framework,  // no GoogleTest in the program
    not_found,     // GoogleTest is there, but no place to probe; see note
};

struct Snapshot {
    std::string engine;  // "sampler"
    std::vector<std::string> command;
    SamplingInfo sampling;
    std::uint64_t taken_ns = 0;
    std::vector<ProcessRecord> processes;
    std::vector<OwnerRecord> owners;
    std::vector<StackRecord> stacks;
    std::vector<LiveGroup> live;
    std::vector<AllocationTotal> totals;
    std::vector<OwnerUsage> usage;     // only of processes that count their blocks
    std::vector<PointerCheck> checks;  // one for each process that was looked at
    std::vector<NoteRecord> notes;
    std::vector<Loss> losses;
    TestDiscovery discovery = TestDiscovery::no_framework;
    std::string discovery_note;  // one line for the report when tests are not told apart
    std::uint64_t events = 0;    // allocations and frees that trapped

    bool operator==(const Snapshot&) const = default;
};

}  // namespace leakcheck
