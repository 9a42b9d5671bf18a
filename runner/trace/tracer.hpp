// SPDX-License-Identifier: Apache-2.0
//
// An engine at work: started before the command, asked for its snapshot after it. LocalTracer does it in
// this process; RemoteTracer has it done by a helper with more privileges than the user's own process.
// Errors: TraceError. Thread safety: none; one thread uses a tracer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "analysis/snapshot.hpp"
#include "runner/elf/symbolizer.hpp"

namespace leakcheck {

struct TraceLimits {
    std::uint32_t live_blocks = 2'097'152;
    std::uint32_t stacks = 65'536;
    std::uint32_t processes = 16'384;
    std::uint32_t tests = 65'536;
};

// How stacks are followed: by unwind tables, or, where the kernel cannot (before 5.17), by frame pointers,
// which most code does not keep.
enum class StackWalk { tables, frame_pointers };
StackWalk best_stack_walk();  // of this kernel

// Whose pointers are looked at when a process ends: its blocks are known all of them, or some.
enum class EndCheck { none, all_blocks, sample };
// Whether every process gets a table of its blocks, and of which.
enum class Tables { none, of_all_blocks, of_samples };

struct TraceConfig {
    std::filesystem::path sampler;  // this run's copy
    std::filesystem::path control;  // this run's control file
    TraceLimits limits;
    std::uint32_t stack_depth = 127;
    StackWalk walk = best_stack_walk();
    Tables tables = Tables::none;
    EndCheck end_check = EndCheck::none;
    std::uint32_t repetitions = 1;  // blocks of so many iterations of the tests are kept apart
    std::uint64_t min_age_ns = 0;  // blocks on either side of this age are never put into one group
};

// What tracing costs, so far.
struct TraceCost {
    std::uint64_t events = 0;        // allocations and frees that trapped
    std::uint64_t timed_events = 0;  // of them, those whose time in the BPF programs was taken
    std::uint64_t timed_ns = 0;      // that time
    double trap_ns = 0.0;            // getting there and back, for one event

    // Mean of one event, there and back; 0 while nothing is known.
    double event_ns() const {
        if (timed_events == 0) return 0.0;
        return trap_ns + static_cast<double>(timed_ns) / static_cast<double>(timed_events);
    }
};

struct TraceProgress {
    std::uint64_t tests_ended = 0;
    std::uint64_t live_bytes = 0;
    std::string running_test;  // of the command; empty outside tests
};

struct TraceResult {
    Snapshot
        snapshot;  // engine, processes, owners, stacks, live, totals, notes, losses, discovery, events
    std::vector<Mapping> mappings;
    std::vector<std::string> warnings;
    TraceCost cost;
};

class Tracer {
  public:
    virtual ~Tracer() = default;

    // The command's pid, as soon as it is known.
    virtual void set_command(int pid) = 0;
    // Becomes readable when dispatch() has something to do; -1 if it never has.
    virtual int event_fd() const = 0;
    virtual void dispatch() = 0;
    virtual TraceProgress progress() = 0;
    virtual TraceCost cost() = 0;
    // Asks the sampler to trace less: one in 2^level of what it would; LEAKCHECK_PRESSURE_STOP: nothing more.
    virtual void set_pressure(std::uint32_t level) = 0;
    // Ends the tracing, takes all probes away and hands over what was gathered. Once.
    virtual TraceResult finish() = 0;
};

}  // namespace leakcheck
