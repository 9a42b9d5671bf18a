// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/snapshot_reader.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <string_view>
#include <tuple>

#include "runner/trace/bpf_map.hpp"
#include "runner/trace/snapshot_ids.hpp"

namespace leakcheck {
namespace {

constexpr std::string_view kDeathTestArgument = "--gtest_internal_run_death_test=";

template <std::size_t N>
std::string text(const char (&field)[N]) {
    return std::string(field, ::strnlen(field, N));
}

ProcessEnd process_end(std::uint32_t kernel_end) {
    switch (kernel_end) {
        case LEAKCHECK_END_EXITED:
            return ProcessEnd::exited;
        case LEAKCHECK_END_SIGNALED:
            return ProcessEnd::signaled;
        case LEAKCHECK_END_REPLACED:
            return ProcessEnd::replaced;
        default:
            return ProcessEnd::running;
    }
}

// The arguments with blanks between them; of long ones, the beginning.
std::string command_line(const leakcheck_process& process) {
    const bool whole = process.args_size <= LEAKCHECK_ARGS_HEAD;
    std::string line(process.args_head, whole ? process.args_size : LEAKCHECK_ARGS_HEAD);
    while (!line.empty() && line.back() == '\0') line.pop_back();
    std::replace(line.begin(), line.end(), '\0', ' ');
    return whole ? line : line + "...";
}

bool is_death_test_child(const leakcheck_process& process) {
    const std::string_view tail(process.args_tail, process.args_tail_size);
    return tail.find(kDeathTestArgument) != std::string_view::npos;
}

ProcessRecord describe(std::uint32_t id, const leakcheck_process& process) {
    ProcessRecord record;
    record.id = process_id(id);
    record.parent = process_id(process.parent);
    record.pid = static_cast<int>(process.pid);
    record.is_image = (process.flags & LEAKCHECK_PROCESS_IMAGE) != 0;
    record.sampled = (process.flags & LEAKCHECK_PROCESS_SAMPLED) != 0;
    record.death_test_child = is_death_test_child(process);
    record.end = process_end(process.end);
    record.status = static_cast<int>(process.status);
    record.last_owner = owner_id(process.owner);
    record.start_ns = process.start_ns;
    record.end_ns = process.end_ns;
    record.command = command_line(process);
    return record;
}

// The command is the last image that ran under its pid: a wrapper that execs makes way for what it runs.
void mark_main(std::vector<ProcessRecord>& records, int command_pid) {
    ProcessRecord* main = nullptr;
    for (ProcessRecord& record : records)
        if (record.pid == command_pid && record.is_image) main = &record;
    if (main != nullptr) main->is_main = true;
}

// A forked child is the program it was forked from.
void inherit_commands(std::vector<ProcessRecord>& records) {
    std::map<ProcessId, const ProcessRecord*> by_id;
    for (ProcessRecord& record : records) {
        by_id[record.id] = &record;
        const auto parent = by_id.find(record.parent);
        if (record.is_image || parent == by_id.end()) continue;
        record.command = parent->second->command;
        record.death_test_child = parent->second->death_test_child;
    }
}

OwnerKind owner_kind(std::uint32_t kernel_kind) {
    switch (kernel_kind) {
        case LEAKCHECK_OWNER_ENVIRONMENT_SET_UP:
            return OwnerKind::environment_set_up;
        case LEAKCHECK_OWNER_ENVIRONMENT_TEAR_DOWN:
            return OwnerKind::environment_tear_down;
        case LEAKCHECK_OWNER_SUITE_SET_UP:
            return OwnerKind::suite_set_up;
        case LEAKCHECK_OWNER_SUITE_TEAR_DOWN:
            return OwnerKind::suite_tear_down;
        case LEAKCHECK_OWNER_TEST:
            return OwnerKind::test;
        default:
            return OwnerKind::outside_tests;
    }
}

StackStatus stack_status(std::uint16_t kernel_status) {
    switch (kernel_status) {
        case LEAKCHECK_STACK_COMPLETE:
            return StackStatus::complete;
        case LEAKCHECK_STACK_FRAME_POINTER:
            return StackStatus::frame_pointer;
        case LEAKCHECK_STACK_NO_TABLE:
            return StackStatus::missing;
        default:
            return StackStatus::truncated;
    }
}

std::vector<std::uint64_t> read_frames(int chunks_map, const leakcheck_stack& stack) {
    std::vector<std::uint64_t> frames;
    for (std::uint32_t key = stack.first_chunk; frames.size() < stack.frames; ++key) {
        leakcheck_stack_chunk chunk;
        if (bpf_map_lookup_elem(chunks_map, &key, &chunk) != 0) break;
        for (std::size_t i = 0; i < LEAKCHECK_CHUNK_FRAMES && frames.size() < stack.frames; ++i)
            frames.push_back(chunk.frames[i]);
    }
    return frames;
}

using TotalKey = std::tuple<ProcessId, OwnerId, StackId>;

// What is left of a total is live; the rest has been freed.
void set_freed(AllocationTotal& total,
               const std::map<TotalKey, std::pair<std::uint64_t, std::uint64_t>>& live) {
    const auto still = live.find({total.process, total.owner, total.stack});
    const auto [blocks, bytes] =
        still == live.end() ? std::pair<std::uint64_t, std::uint64_t>{} : still->second;
    total.freed_blocks = total.allocated_blocks - std::min(blocks, total.allocated_blocks);
    total.freed_bytes = total.allocated_bytes - std::min(bytes, total.allocated_bytes);
}

}  // namespace

ProcessTable read_processes(int processes_map) {
    ProcessTable table;
    for_each_entry<std::uint32_t, leakcheck_process>(
        processes_map,
        [&](std::uint32_t id, const leakcheck_process& process) { table.emplace(id, process); });
    return table;
}

std::vector<ProcessRecord> describe_processes(const ProcessTable& processes, int command_pid) {
    std::vector<ProcessRecord> records;
    for (const auto& [id, process] : processes)
        if ((process.flags & LEAKCHECK_PROCESS_CENSUS) == 0)
            records.push_back(describe(id, process));
    std::sort(records.begin(), records.end(),
              [](const ProcessRecord& a, const ProcessRecord& b) { return a.id < b.id; });
    mark_main(records, command_pid);
    inherit_commands(records);
    return records;
}

std::vector<OwnerRecord> read_owners(int owners_map) {
    std::vector<OwnerRecord> records;
    OwnerRecord outside;
    outside.id = owner_id(0);
    records.push_back(outside);
    for_each_entry<std::uint32_t, leakcheck_owner>(
        owners_map, [&](std::uint32_t id, const leakcheck_owner& owner) {
            OwnerRecord record;
            record.id = owner_id(id);
            record.kind = owner_kind(owner.kind);
            record.suite = text(owner.name.suite);
            record.test = text(owner.name.test);
            record.name_cut = record.suite.size() == LEAKCHECK_NAME_SIZE - 1 ||
                              record.test.size() == LEAKCHECK_NAME_SIZE - 1;
            record.runs = owner.runs;
            record.duration_ns = owner.time_ns;
            record.first_order = id;
            records.push_back(std::move(record));
        });
    std::sort(records.begin(), records.end(), [](const OwnerRecord& a, const OwnerRecord& b) {
        return a.first_order < b.first_order;
    });
    return records;
}

std::vector<StackRecord> read_stacks(int stacks_map, int chunks_map) {
    std::vector<StackRecord> records;
    for_each_entry<std::uint64_t, leakcheck_stack>(
        stacks_map, [&](std::uint64_t key, const leakcheck_stack& stack) {
            StackRecord record;
            record.id = StackId{key};
            record.process = process_id(stack.process);
            record.status = stack_status(stack.status);
            record.first_seen_ns = stack.first_seen_ns;
            record.frames = read_frames(chunks_map, stack);
            records.push_back(std::move(record));
        });
    return records;
}

std::vector<AllocationTotal> read_totals(int totals_map, const std::vector<LiveGroup>& live) {
    std::map<TotalKey, std::pair<std::uint64_t, std::uint64_t>> still_live;
    for (const LiveGroup& group : live) {
        auto& [blocks, bytes] = still_live[{group.process, group.owner, group.stack}];
        blocks += group.blocks;
        bytes += group.bytes;
    }
    std::vector<AllocationTotal> records;
    for_each_entry<leakcheck_total_key, leakcheck_total>(
        totals_map, [&](const leakcheck_total_key& key, const leakcheck_total& total) {
            AllocationTotal record;
            record.process = process_id(key.process);
            record.owner = owner_id(key.owner);
            record.stack = StackId{key.stack};
            record.allocated_blocks = total.blocks;
            record.allocated_bytes = total.bytes;
            record.estimated_blocks =
                static_cast<double>(total.blocks) + static_cast<double>(total.unseen_blocks) /
                                                        static_cast<double>(LEAKCHECK_WEIGHT_ONE);
            record.estimated_bytes =
                static_cast<double>(total.bytes) + static_cast<double>(total.unseen_bytes);
            set_freed(record, still_live);
            records.push_back(record);
        });
    return records;
}

std::vector<NoteRecord> read_notes(int notes_map) {
    std::vector<NoteRecord> records;
    for_each_entry<std::uint32_t, leakcheck_note>(notes_map, [&](std::uint32_t id,
                                                                 const leakcheck_note& note) {
        NoteRecord record;
        record.id = NoteId{id};
        record.kind = note.kind == LEAKCHECK_NOTE_BUDGET ? NoteKind::budget : NoteKind::known_leak;
        record.process = process_id(note.process);
        record.owner = owner_id(note.owner);
        if (record.kind == NoteKind::budget) {
            record.bytes = note.a;
            record.blocks = note.b;
        }
        record.text = text(note.text);
        records.push_back(std::move(record));
    });
    return records;
}

}  // namespace leakcheck
