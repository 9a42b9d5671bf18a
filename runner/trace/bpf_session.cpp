// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/bpf_session.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <system_error>

#include "leakcheck.skel.h"
#include "runner/trace/dynamic_symbol.hpp"
#include "runner/trace/kernel_version.hpp"
#include "runner/trace/trace_error.hpp"
#include "runner/trace/trap_cost.hpp"

namespace leakcheck {
namespace {

constexpr std::uint32_t kChunksPerStack = 4;  // room for 32 return addresses a stack, on average

// Each test and thread may come to a stack by contexts of its own.
constexpr std::uint32_t contexts_per_stack = 8;
// Stdio buffers, a thread-local block for each cached stack, locales.
constexpr std::uint32_t libc_kept_per_process = 16;

// libbpf's last complaint: it explains a failure better than the error number it returns.
std::string& last_complaint() {
    static std::string text;
    return text;
}

int keep_complaint(enum libbpf_print_level level, const char* format, va_list arguments) {
    if (level != LIBBPF_WARN) return 0;
    std::array<char, 1024> line{};
    std::vsnprintf(line.data(), line.size(), format, arguments);
    std::string text(line.data());
    if (!text.empty() && text.back() == '\n') text.pop_back();
    if (text.find('\n') == std::string::npos) last_complaint() = text;  // not a verifier log
    return 0;
}

[[noreturn]] void fail(const std::string& what, int error) {
    const std::string words = last_complaint().empty() ? "" : " (" + last_complaint() + ")";
    throw TraceError(
        fmt::format("{}: {}{}; see 'leakcheck doctor'", what, std::strerror(error), words));
}

// Hash maps that take memory as entries come are safe in probes since the kernel got an allocator for it.
bool kernel_allocates_in_probes() {
    return kernel_is_at_least(6, 1);
}

// Uprobe programs may sleep, and use hash maps all the same.
bool kernel_faults_stacks_in() {
    return kernel_is_at_least(6, 1);
}

// The kernel compares with its own form of a device number, which is not that of stat(2).
std::uint64_t kernel_device_number(dev_t device) {
    return static_cast<std::uint64_t>(major(device)) << 20 | minor(device);
}

void name_pid_namespace(leakcheck_bpf& skeleton) {
    struct stat info {};
    if (::stat("/proc/self/ns/pid", &info) != 0) return;
    skeleton.rodata->pid_namespace_dev = kernel_device_number(info.st_dev);
    skeleton.rodata->pid_namespace_ino = info.st_ino;
}

int handle_hello(void* context, void* data, size_t size) {
    if (size == sizeof(leakcheck_hello_event))
        (*static_cast<BpfSession::HelloFn*>(context))(*static_cast<leakcheck_hello_event*>(data));
    return 0;
}

}  // namespace

BpfSession::BpfSession(const TraceConfig& config, HelloFn on_hello)
    : on_hello_(std::move(on_hello)) {
    libbpf_set_print(keep_complaint);
    last_complaint().clear();
    skeleton_ = leakcheck_bpf__open();
    if (skeleton_ == nullptr) fail("cannot open the BPF programs", errno);
    try {
        size_maps(config);
        prepare_uprobes();
        name_pid_namespace(*skeleton_);
        choose_walk(config);
        if (const int error = leakcheck_bpf__load(skeleton_); error != 0)
            fail("cannot load the BPF programs", -error);
        hellos_ = ring_buffer__new(bpf_map__fd(skeleton_->maps.hellos), handle_hello, &on_hello_,
                                   nullptr);
        if (hellos_ == nullptr) fail("cannot map the BPF ring buffer", errno);
        attach_sampler(config.sampler);
        measure_trap_cost();
    } catch (...) {
        close();
        throw;
    }
}

BpfSession::~BpfSession() {
    close();
}

void BpfSession::close() {
    detach();
    for (std::thread& closer : closers_) closer.join();
    ring_buffer__free(hellos_);
    leakcheck_bpf__destroy(skeleton_);
}

// Without it the run's cost is told without this part.
void BpfSession::measure_trap_cost() {
    try {
        TrapCost cost = measure_trap(skeleton_->progs.on_nothing);
        trap_ns_ = cost.nanoseconds;
        uprobes_.push_back(std::move(cost.link));
    } catch (const std::system_error&) {
        trap_ns_ = 0.0;
    }
}

void BpfSession::prepare_uprobes() {
    const auto& programs = skeleton_->progs;
    for (bpf_program* program :
         {programs.on_hello, programs.on_mapped, programs.on_ending, programs.on_alloc,
          programs.on_free, programs.on_census, programs.on_census_end, programs.on_owner,
          programs.on_note, programs.on_loss, programs.on_unload, programs.on_googletest,
          programs.on_nothing})
        prepare_for_uprobes(program);
}

void BpfSession::choose_walk(const TraceConfig& config) {
    skeleton_->rodata->stack_depth = config.stack_depth;
    skeleton_->rodata->walk_by_tables = config.walk == StackWalk::tables;
    if (!kernel_faults_stacks_in()) return;
    skeleton_->rodata->stack_may_fault = 1;
    bpf_program* program = skeleton_->progs.on_alloc;
    bpf_program__set_flags(program, bpf_program__flags(program) | BPF_F_SLEEPABLE);
}

void BpfSession::size_maps(const TraceConfig& config) {
    const auto& maps = skeleton_->maps;
    const TraceLimits& limits = config.limits;
    const std::uint32_t chunks = limits.stacks * kChunksPerStack;
    const std::array<std::pair<bpf_map*, std::uint32_t>, 11> hashes{{
        {maps.live, limits.live_blocks},
        {maps.totals, limits.stacks * 2},
        {maps.stacks, limits.stacks},
        {maps.owner_ids, limits.tests},
        {maps.owners, limits.tests},
        {maps.process_states, limits.processes},
        {maps.processes, limits.processes},
        {maps.notes, limits.tests},
        {maps.known_scopes, limits.processes},
        {maps.contexts, limits.stacks * contexts_per_stack},
        {maps.libc_kept, limits.processes * libc_kept_per_process},
    }};
    const bool preallocate = !kernel_allocates_in_probes();
    for (const auto& [map, size] : hashes) {
        bpf_map__set_max_entries(map, size);
        if (preallocate) bpf_map__set_map_flags(map, bpf_map__map_flags(map) & ~BPF_F_NO_PREALLOC);
    }
    bpf_map__set_max_entries(maps.stack_chunks, chunks);
    bpf_map__set_max_entries(maps.address_maps, limits.processes + 1);
    bpf_map__set_max_entries(maps.cells, limits.processes + 1);
    skeleton_->rodata->counting = config.tables != Tables::none;
    skeleton_->rodata->stack_chunk_count = chunks;
}

void BpfSession::attach_sampler(const std::filesystem::path& sampler) {
    const auto& programs = skeleton_->progs;
    const std::array<std::pair<const char*, bpf_program*>, 11> sites{{
        {"leakcheck_probe_hello", programs.on_hello},
        {"leakcheck_probe_mapped", programs.on_mapped},
        {"leakcheck_probe_ending", programs.on_ending},
        {"leakcheck_probe_alloc", programs.on_alloc},
        {"leakcheck_probe_free", programs.on_free},
        {"leakcheck_probe_census", programs.on_census},
        {"leakcheck_probe_census_end", programs.on_census_end},
        {"leakcheck_probe_owner", programs.on_owner},
        {"leakcheck_probe_note", programs.on_note},
        {"leakcheck_probe_loss", programs.on_loss},
        {"leakcheck_probe_unload", programs.on_unload},
    }};
    // Processes first: whoever says hello must be followed from then on.
    for (bpf_program* program : {programs.on_fork, programs.on_exec, programs.on_exit}) {
        bpf_link* link = bpf_program__attach(program);
        if (link == nullptr)
            fail(fmt::format("cannot attach to {}", bpf_program__section_name(program)), errno);
        tracepoints_.push_back(link);
    }
    for (const auto& [symbol, program] : sites) {
        const std::uint64_t offset = symbol_file_offset(sampler, symbol);
        try {
            uprobes_.emplace_back(program, sampler, std::vector<UprobePlace>{{offset, 0}},
                                  UprobeLink::every_process);
        } catch (const std::system_error& error) {
            fail(fmt::format("cannot place a uprobe on {} in {}", symbol, sampler.string()),
                 error.code().value());
        }
    }
}

std::string BpfSession::attach_test_sites(const std::filesystem::path& object,
                                          const std::vector<TestSite>& sites, int pid) {
    std::vector<UprobePlace> places;
    for (const TestSite& site : sites)
        places.push_back(
            {site.file_offset, LEAKCHECK_COOKIE(site.kind, site.object_argument, site.strings,
                                                site.suite_offset, site.test_offset)});
    try {
        uprobes_.emplace_back(skeleton_->progs.on_googletest, object, places, pid);
        return {};
    } catch (const std::system_error& error) {
        return fmt::format("cannot place uprobes on GoogleTest in {}: {}", object.string(),
                           error.code().message());
    }
}

int BpfSession::hello_fd() const {
    return ring_buffer__epoll_fd(hellos_);
}

void BpfSession::dispatch_hellos() {
    ring_buffer__consume(hellos_);
}

// The kernel waits for a grace period at each uprobe: side by side, and while the report is made.
void BpfSession::detach() {
    constexpr std::size_t kMostClosers = 32;
    for (bpf_link* link : tracepoints_) bpf_link__destroy(link);
    tracepoints_.clear();
    std::vector<std::vector<UprobeLink>> shares(std::min(kMostClosers, uprobes_.size()));
    for (std::size_t i = 0; i < uprobes_.size(); ++i)
        shares[i % shares.size()].push_back(std::move(uprobes_[i]));
    uprobes_.clear();
    for (auto& share : shares)
        closers_.emplace_back([links = std::move(share)]() mutable { links.clear(); });
}

leakcheck_counters BpfSession::counters() const {
    std::vector<leakcheck_counters> per_cpu(static_cast<std::size_t>(libbpf_num_possible_cpus()));
    const std::uint32_t key = 0;
    leakcheck_counters sum{};
    if (bpf_map_lookup_elem(bpf_map__fd(skeleton_->maps.counters), &key, per_cpu.data()) != 0)
        return sum;
    for (const leakcheck_counters& one : per_cpu) {
        sum.allocations += one.allocations;
        sum.allocated_bytes += one.allocated_bytes;
        sum.frees += one.frees;
        sum.freed_bytes += one.freed_bytes;
        sum.tests_ended += one.tests_ended;
        sum.traced += one.traced;
        sum.timed_events += one.timed_events;
        sum.timed_ns += one.timed_ns;
    }
    return sum;
}

std::uint64_t BpfSession::loss(leakcheck_loss which) const {
    std::uint64_t value = 0;
    const auto key = static_cast<std::uint32_t>(which);
    return bpf_map_lookup_elem(bpf_map__fd(skeleton_->maps.losses), &key, &value) == 0 ? value : 0;
}

BpfSession::MapFds BpfSession::maps() const {
    const auto& maps = skeleton_->maps;
    return {
        bpf_map__fd(maps.live),         bpf_map__fd(maps.totals), bpf_map__fd(maps.stacks),
        bpf_map__fd(maps.stack_chunks), bpf_map__fd(maps.owners), bpf_map__fd(maps.process_states),
        bpf_map__fd(maps.processes),    bpf_map__fd(maps.notes),  bpf_map__fd(maps.unwind_slabs),
        bpf_map__fd(maps.address_maps), bpf_map__fd(maps.cells),  bpf_map__fd(maps.contexts),
        bpf_map__fd(maps.libc_kept)};
}

std::span<leakcheck_unwind_rule> BpfSession::unwind_rules() {
    return skeleton_->bss->unwind_rules;
}

}  // namespace leakcheck
