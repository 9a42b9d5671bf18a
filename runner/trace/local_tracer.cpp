// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/local_tracer.hpp"

#include <fmt/format.h>
#include <sys/epoll.h>

#include <algorithm>
#include <ctime>

#include "runner/trace/bpf_map.hpp"
#include "runner/trace/losses.hpp"
#include "runner/trace/snapshot_ids.hpp"
#include "runner/trace/snapshot_reader.hpp"
#include "runner/trace/trace_error.hpp"

namespace leakcheck {
namespace {

// Mappings of processes that are not (yet) known to be of the run are kept too, but not without end: on a
// busy machine most belong to others.
constexpr std::size_t kMappingsKept = 200'000;

std::uint64_t now_ns() {
    struct timespec now {};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u +
           static_cast<std::uint64_t>(now.tv_nsec);
}

LiveCollector::EndFn end_times(const ProcessTable& processes) {
    return [&processes](std::uint32_t id) -> std::uint64_t {
        const auto process = processes.find(id);
        return process == processes.end() ? 0 : process->second.end_ns;
    };
}

template <typename Record>
void append(const std::vector<Record>& more, std::vector<Record>& records) {
    records.insert(records.end(), more.begin(), more.end());
}

void add(CountedBlocks blocks, Snapshot& snapshot) {
    append(blocks.live, snapshot.live);
    append(blocks.stacks, snapshot.stacks);
    append(blocks.totals, snapshot.totals);
    snapshot.usage = std::move(blocks.usage);
}

std::string owner_name(const BpfSession& session, std::uint32_t id) {
    leakcheck_owner owner;
    if (id == 0 || bpf_map_lookup_elem(session.maps().owners, &id, &owner) != 0) return {};
    if (owner.kind != LEAKCHECK_OWNER_TEST) return {};
    return std::string(owner.name.suite) + "." + owner.name.test;
}

}  // namespace

LocalTracer::LocalTracer(const TraceConfig& config)
    : config_(config),
      control_(config.control),
      session_(config, [this](const leakcheck_hello_event& event) { greet(event); }),
      cells_(session_.maps().cells, config.limits.processes + 1),
      channel_(config.control, session_.maps().cells),
      checks_(config.end_check, {config.sampler.string(), "/memfd:leakcheck"}),
      block_tables_(config.tables,
                    {session_.maps().contexts, session_.maps().live, session_.maps().libc_kept},
                    checks_),
      unwind_memory_(session_.maps().unwind_slabs),
      unwind_tables_(unwind_memory_, session_.unwind_rules()),
      address_maps_(session_.maps().address_maps, unwind_memory_, unwind_tables_),
      prober_(session_),
      collector_(session_.maps().live, config.min_age_ns, config.repetitions, checks_),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      sweep_at_(config.limits.live_blocks / 2) {
    watch(session_.hello_fd());
    watch(block_tables_.event_fd());
    for (const int fd : watcher_.fds()) watch(fd);
}

void LocalTracer::watch(int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0)
        throw TraceError("cannot watch the tracer's buffers");
}

void LocalTracer::dispatch() {
    session_.dispatch_hellos();
    block_tables_.take_ended();
    watcher_.drain([this](MappingRecord record) { keep(std::move(record)); });
    if (live_blocks() >= sweep_at_) sweep_ended_processes();
}

// The process waits for this. A forked child has its parent's code and probes.
void LocalTracer::greet(const leakcheck_hello_event& event) {
    const auto is = [&](leakcheck_hello_kind kind) { return event.kind == kind; };
    if (is(LEAKCHECK_HELLO_IMAGE) || is(LEAKCHECK_HELLO_MAPPED)) look_at_code(event);
    if (is(LEAKCHECK_HELLO_IMAGE) || is(LEAKCHECK_HELLO_FORKED)) welcome(event);
    if (is(LEAKCHECK_HELLO_ENDING)) look_at_pointers(event);
    control_.acknowledge(event.token);
}

// A new image has its libraries mapped, and nothing of its own has run.
void LocalTracer::look_at_code(const leakcheck_hello_event& event) {
    const std::vector<MappedCode> mapped = read_mapped_code(static_cast<int>(event.pid));
    if (event.kind == LEAKCHECK_HELLO_IMAGE) {
        if (mapped.empty()) ++unreadable_images_;
        for (const auto& [map, object] : mapped)
            initial_mappings_.push_back({process_id(event.process), map.start, map.end,
                                         map.file_offset, event.time_ns, map.path});
    }
    if (!mapped.empty() && !address_maps_.publish(event, mapped)) ++unpublished_maps_;
    prober_.probe(event.process, static_cast<int>(event.pid), mapped);
}

void LocalTracer::welcome(const leakcheck_hello_event& event) {
    const int table = config_.tables != Tables::none
                          ? block_tables_.add(event.process, static_cast<int>(event.pid))
                          : -1;
    cells_.add(event.process);
    if (!channel_.welcome(event.token, event.process, table)) ++untold_images_;
}

void LocalTracer::look_at_pointers(const leakcheck_hello_event& event) {
    const EndingProcess ending{event.process, static_cast<int>(event.pid), event.stack,
                               inheritance_of(event.process)};
    if (event.owner == 0) {
        checks_.look_at_end(ending, lists_of(event.process));
    } else if (is_test(event.owner)) {
        checks_.look_at_test_end(ending, event.owner, lists_of(event.process));
    }
}

bool LocalTracer::is_test(std::uint32_t owner) const {
    leakcheck_owner known{};
    return bpf_map_lookup_elem(session_.maps().owners, &owner, &known) == 0 &&
           known.kind == LEAKCHECK_OWNER_TEST;
}

BlockLists LocalTracer::lists_of(std::uint32_t process) {
    return block_tables_.has(process) ? table_lists(process) : traced_lists(process);
}

BlockLists LocalTracer::table_lists(std::uint32_t process) {
    BlockLists lists;
    lists.for_each = [this, process](const BlockLists::Visit& visit) {
        block_tables_.for_each_block(process, visit);
    };
    lists.made_by = [this, process](std::uint32_t owner) {
        std::vector<TracedBlock> blocks;
        block_tables_.for_each_of_owner(
            process, owner, [&](const TracedBlock& traced) { blocks.push_back(traced); });
        return blocks;
    };
    lists.is_moving = [this, process] { return block_tables_.is_moving(process); };
    return lists;
}

// A block that is moved stays in the list until the new one has come.
BlockLists LocalTracer::traced_lists(std::uint32_t process) const {
    BlockLists lists;
    lists.for_each = [this, process](const BlockLists::Visit& visit) {
        collector_.for_each_block(process, [&](const TracedBlock& traced) { visit(traced.block); });
    };
    lists.made_by = [this, process](std::uint32_t owner) {
        std::vector<TracedBlock> blocks;
        collector_.for_each_block(process, [&](const TracedBlock& traced) {
            if (traced.block.owner == owner) blocks.push_back(traced);
        });
        return blocks;
    };
    return lists;
}

Inheritance LocalTracer::inheritance_of(std::uint32_t process) const {
    leakcheck_process known{};
    const bool is_image = bpf_map_lookup_elem(session_.maps().processes, &process, &known) == 0 &&
                          (known.flags & LEAKCHECK_PROCESS_IMAGE) != 0;
    return is_image ? Inheritance::nothing : Inheritance::blocks;
}

void LocalTracer::keep(MappingRecord record) {
    if (later_mappings_.size() == kMappingsKept) later_mappings_.pop_front();
    later_mappings_.push_back(std::move(record));
}

std::uint64_t LocalTracer::live_blocks() const {
    const leakcheck_counters counted = session_.counters();
    const std::uint64_t gone = counted.frees + swept_blocks_;
    const std::uint64_t made = counted.allocations + counted.traced;
    return made - std::min<std::uint64_t>(made, gone);
}

void LocalTracer::sweep_ended_processes() {
    const ProcessTable processes = read_processes(session_.maps().processes);
    swept_blocks_ += collector_.sweep(end_times(processes));
    // What is left belongs to the living: look again only when a good deal more has come.
    sweep_at_ = std::max<std::uint64_t>(config_.limits.live_blocks / 2,
                                        live_blocks() + config_.limits.live_blocks / 10);
}

TraceProgress LocalTracer::progress() {
    TraceProgress progress;
    const leakcheck_counters counted = session_.counters();
    progress.tests_ended = counted.tests_ended;
    progress.live_bytes = counted.allocated_bytes -
                          std::min(counted.allocated_bytes, counted.freed_bytes) +
                          block_tables_.live_bytes();
    std::uint32_t first_image = UINT32_MAX;
    for_each_entry<std::uint32_t, leakcheck_process_state>(
        session_.maps().process_states, [&](std::uint32_t, const leakcheck_process_state& state) {
            const std::string name = owner_name(session_, state.owner);
            if (name.empty() || state.process >= first_image) return;
            first_image = state.process;
            progress.running_test = name;
        });
    return progress;
}

TraceCost LocalTracer::cost() {
    const leakcheck_counters counted = session_.counters();
    return {counted.allocations + counted.frees + counted.traced, counted.timed_events,
            counted.timed_ns, session_.trap_ns()};
}

TraceResult LocalTracer::finish() {
    dispatch();
    session_.detach();
    dispatch();
    TraceResult result;
    result.snapshot = take_snapshot();
    result.mappings = resolve_mappings(result.snapshot.processes);
    result.warnings = warnings();
    result.cost = cost();
    return result;
}

Snapshot LocalTracer::take_snapshot() {
    const BpfSession::MapFds maps = session_.maps();
    const ProcessTable processes = read_processes(maps.processes);
    Snapshot snapshot;
    snapshot.engine = "sampler";
    snapshot.taken_ns = now_ns();
    snapshot.processes = describe_processes(processes, command_pid_);
    snapshot.owners = read_owners(maps.owners);
    snapshot.stacks = read_stacks(maps.stacks, maps.stack_chunks);
    snapshot.live = collector_.finish(end_times(processes), snapshot.taken_ns);
    snapshot.totals = read_totals(maps.totals, snapshot.live);
    add(block_tables_.finish(), snapshot);
    snapshot.checks = checks_.records();
    append(checks_.released(), snapshot.live);
    snapshot.notes = read_notes(maps.notes);
    snapshot.losses = describe_losses([this](leakcheck_loss which) {
        return session_.loss(which) + (which == LEAKCHECK_LOSS_MAPPINGS ? watcher_.lost() : 0);
    });
    const bool saw_tests =
        std::any_of(snapshot.owners.begin(), snapshot.owners.end(),
                    [](const OwnerRecord& owner) { return owner.kind == OwnerKind::test; });
    snapshot.discovery = saw_tests ? TestDiscovery::brackets : prober_.discovery();
    if (snapshot.discovery == TestDiscovery::not_found) snapshot.discovery_note = prober_.note();
    const leakcheck_counters counted = session_.counters();
    snapshot.events = counted.allocations + counted.frees + counted.traced;
    return snapshot;
}

// A mapping record names a pid; which image that was follows from the time. What was mapped before an
// image's hello is known from its hello.
std::vector<Mapping> LocalTracer::resolve_mappings(
    const std::vector<ProcessRecord>& processes) const {
    std::unordered_map<int, std::vector<const ProcessRecord*>> by_pid;
    for (const ProcessRecord& process : processes)
        if (process.pid != 0) by_pid[process.pid].push_back(&process);
    std::vector<Mapping> mappings = initial_mappings_;
    for (const MappingRecord& record : later_mappings_) {
        const auto candidates = by_pid.find(record.pid);
        if (candidates == by_pid.end()) continue;
        for (const ProcessRecord* process : candidates->second)
            if (record.time_ns >= process->start_ns &&
                (process->end_ns == 0 || record.time_ns <= process->end_ns))
                mappings.push_back({process->id, record.start, record.end, record.file_offset,
                                    record.time_ns, record.path});
    }
    return mappings;
}

std::vector<std::string> LocalTracer::warnings() const {
    std::vector<std::string> warnings;
    if (!watcher_.available())
        warnings.push_back(watcher_.why() +
                           ": frames in libraries loaded by dlopen have no symbols");
    if (unreadable_images_ > 0)
        warnings.push_back(
            fmt::format("{} process image(s) could not be inspected (they ended at once, or run in "
                        "a PID namespace of their own): "
                        "their tests are not told apart and their frames have no symbols",
                        unreadable_images_));
    if (config_.walk == StackWalk::frame_pointers)
        warnings.push_back(
            "stacks were followed by frame pointers alone, for which there is a need only before "
            "Linux "
            "5.17: callers in code without frame pointers are missing");
    if (!channel_.why().empty())
        warnings.push_back(
            "processes cannot be told of their tests, nor have tables of their blocks: " +
            channel_.why());
    else if (untold_images_ > 0)
        warnings.push_back(fmt::format(
            "{} process image(s) could not connect to leakcheck (a sandbox?): their blocks were "
            "traced one by one, and stacks end at libraries that they loaded later",
            untold_images_));
    if (unpublished_maps_ > 0)
        warnings.push_back(
            "the memory for unwind tables is full: stacks of some processes are cut short");
    for (const std::string& problem : unwind_tables_.problems())
        warnings.push_back("stacks cannot be followed through " + problem);
    return warnings;
}

}  // namespace leakcheck
