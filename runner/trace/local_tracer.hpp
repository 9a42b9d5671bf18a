// SPDX-License-Identifier: Apache-2.0
//
// The sampler engine in this process. Needs the privileges to load BPF programs.
#pragma once

#include <deque>
#include <unordered_map>

#include "runner/trace/address_maps.hpp"
#include "runner/trace/block_tables.hpp"
#include "runner/trace/bpf_session.hpp"
#include "runner/trace/cell_map.hpp"
#include "runner/trace/live_collector.hpp"
#include "runner/trace/mapping_watcher.hpp"
#include "runner/trace/object_prober.hpp"
#include "runner/trace/pointer_checks.hpp"
#include "runner/trace/run_directory.hpp"
#include "runner/trace/tracer.hpp"
#include "runner/trace/unwind_memory.hpp"
#include "runner/trace/unwind_tables.hpp"
#include "runner/trace/welcome_channel.hpp"
#include "runner/unique_fd.hpp"

namespace leakcheck {

class LocalTracer final : public Tracer {
  public:
    explicit LocalTracer(const TraceConfig& config);

    void set_command(int pid) override { command_pid_ = pid; }
    int event_fd() const override { return epoll_.get(); }
    void dispatch() override;
    TraceProgress progress() override;
    TraceCost cost() override;
    void set_pressure(std::uint32_t level) override { cells_.set_pressure(level); }
    TraceResult finish() override;

    // For whoever looks on: what is recorded, while it is. Valid as long as the tracer.
    BpfSession::MapFds maps() const { return session_.maps(); }

  private:
    void watch(int fd);
    void greet(const leakcheck_hello_event& event);
    void look_at_code(const leakcheck_hello_event& event);
    void welcome(const leakcheck_hello_event& event);
    void look_at_pointers(const leakcheck_hello_event& event);
    bool is_test(std::uint32_t owner) const;
    BlockLists lists_of(std::uint32_t process);
    BlockLists table_lists(std::uint32_t process);
    BlockLists traced_lists(std::uint32_t process) const;
    Inheritance inheritance_of(std::uint32_t process) const;
    void keep(MappingRecord record);
    void sweep_ended_processes();
    std::vector<Mapping> resolve_mappings(const std::vector<ProcessRecord>& processes) const;
    Snapshot take_snapshot();
    std::uint64_t live_blocks() const;
    std::vector<std::string> warnings() const;

    TraceConfig config_;
    ControlPage control_;
    BpfSession session_;
    CellMap cells_;
    WelcomeChannel channel_;
    PointerChecks checks_;
    BlockTables block_tables_;
    UnwindMemory unwind_memory_;
    UnwindTables unwind_tables_;
    AddressMaps address_maps_;
    MappingWatcher watcher_;
    ObjectProber prober_;
    LiveCollector collector_;
    UniqueFd epoll_;
    int command_pid_ = 0;
    std::vector<Mapping> initial_mappings_;     // of images, at their hello
    std::deque<MappingRecord> later_mappings_;  // of whatever process, bounded
    std::uint64_t unreadable_images_ = 0;       // in a PID namespace that cannot be seen from here
    std::uint64_t unpublished_maps_ = 0;        // for want of unwind memory
    std::uint64_t untold_images_ = 0;  // that did not connect: they have no cell and no table
    std::uint64_t swept_blocks_ = 0;
    std::uint64_t sweep_at_ = 0;  // live blocks in the map that call for the next sweep
};

}  // namespace leakcheck
