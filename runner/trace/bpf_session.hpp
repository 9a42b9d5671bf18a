// SPDX-License-Identifier: Apache-2.0
//
// The BPF programs of one run: loaded, attached, and gone with the object (or with the process, however it
// dies: the kernel removes probes and maps with the last descriptor).
// Errors: TraceError, with libbpf's own words at the end where they help.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "abi/trace_maps.h"
#include "abi/unwind_tables.h"
#include "runner/elf/gtest_sites.hpp"
#include "runner/trace/tracer.hpp"
#include "runner/trace/uprobe_link.hpp"

struct leakcheck_bpf;
struct bpf_link;
struct ring_buffer;

namespace leakcheck {

class BpfSession {
  public:
    using HelloFn = std::function<void(const leakcheck_hello_event&)>;

    BpfSession(const TraceConfig& config, HelloFn on_hello);
    ~BpfSession();
    BpfSession(const BpfSession&) = delete;
    BpfSession& operator=(const BpfSession&) = delete;

    // Probes GoogleTest's functions in an object, for one process: others that run the same program, under
    // another tool perhaps, are not touched. Returns what could not be done, one line; empty if all was.
    std::string attach_test_sites(const std::filesystem::path& object,
                                  const std::vector<TestSite>& sites, int pid);

    int hello_fd() const;
    void dispatch_hellos();
    // Takes all probes away; the maps stay readable. The kernel takes its time; this waits for it only in the
    // destructor.
    void detach();

    leakcheck_counters counters() const;  // of all CPUs together
    // Nanoseconds from a traced program into a BPF program and back; measured at the start. 0: unknown.
    double trap_ns() const { return trap_ns_; }
    std::uint64_t loss(leakcheck_loss which) const;

    // Descriptors of the maps that the snapshot is read from; valid as long as the session.
    struct MapFds {
        int live, totals, stacks, stack_chunks, owners, process_states, processes, notes;
        int unwind_slabs, address_maps, cells, contexts, libc_kept;
    };
    MapFds maps() const;
    // The unwind rules that the programs read; they are written here.
    std::span<leakcheck_unwind_rule> unwind_rules();

  private:
    void size_maps(const TraceConfig& config);
    void prepare_uprobes();
    void measure_trap_cost();
    void choose_walk(const TraceConfig& config);
    void close();
    void attach_sampler(const std::filesystem::path& sampler);

    leakcheck_bpf* skeleton_ = nullptr;
    ring_buffer* hellos_ = nullptr;
    std::vector<bpf_link*> tracepoints_;
    std::vector<UprobeLink> uprobes_;
    std::vector<std::thread> closers_;
    HelloFn on_hello_;
    double trap_ns_ = 0.0;
};

}  // namespace leakcheck
