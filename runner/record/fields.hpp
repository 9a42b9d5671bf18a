// SPDX-License-Identifier: Apache-2.0
//
// What is in a recording: the members of every record, listed once for both directions, and the
// words for enumerators. An archive is called with each member's name and the member; the writer
// takes records as const, the reader fills them.
#pragma once

#include <array>
#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>

#include "analysis/analysis.hpp"
#include "analysis/leak_kinds.hpp"

namespace leakcheck {

// R is T or const T.
template <class R, class T>
concept RecordOf = std::same_as<std::remove_const_t<R>, T>;

// ---- Words for enumerators
// ------------------------------------------------------------------------

template <class E, std::size_t N>
using Words = std::array<std::pair<E, std::string_view>, N>;

template <class E>
struct EnumWords;  // only for enumerations that are written as words

template <>
struct EnumWords<ProcessEnd> {
    static constexpr Words<ProcessEnd, 4> all{{{ProcessEnd::running, "running"},
                                               {ProcessEnd::exited, "exited"},
                                               {ProcessEnd::signaled, "signaled"},
                                               {ProcessEnd::replaced, "replaced"}}};
};

template <>
struct EnumWords<OwnerKind> {
    static constexpr Words<OwnerKind, 6> all{
        {{OwnerKind::outside_tests, "outside_tests"},
         {OwnerKind::environment_set_up, "environment_set_up"},
         {OwnerKind::environment_tear_down, "environment_tear_down"},
         {OwnerKind::suite_set_up, "suite_set_up"},
         {OwnerKind::suite_tear_down, "suite_tear_down"},
         {OwnerKind::test, "test"}}};
};

template <>
struct EnumWords<PressureReason> {
    static constexpr Words<PressureReason, 2> all{
        {{PressureReason::cost, "cost"}, {PressureReason::duration, "duration"}}};
};

template <>
struct EnumWords<StackStatus> {
    static constexpr Words<StackStatus, 4> all{{{StackStatus::complete, "complete"},
                                                {StackStatus::frame_pointer, "frame_pointer"},
                                                {StackStatus::truncated, "truncated"},
                                                {StackStatus::missing, "missing"}}};
};

template <>
struct EnumWords<NoteKind> {
    static constexpr Words<NoteKind, 2> all{
        {{NoteKind::budget, "budget"}, {NoteKind::known_leak, "known_leak"}}};
};

template <>
struct EnumWords<StackOrigin> {
    static constexpr Words<StackOrigin, 3> all{{{StackOrigin::own, "own"},
                                                {StackOrigin::same_path, "same_path"},
                                                {StackOrigin::representative, "representative"}}};
};

template <>
struct EnumWords<LeakKind> {
    static constexpr auto all = leak_kind_names;
};

template <>
struct EnumWords<RootKind> {
    static constexpr auto all = root_kind_names;
};

template <>
struct EnumWords<TestDiscovery> {
    static constexpr Words<TestDiscovery, 3> all{{{TestDiscovery::brackets, "brackets"},
                                                  {TestDiscovery::no_framework, "no_framework"},
                                                  {TestDiscovery::not_found, "not_found"}}};
};

template <>
struct EnumWords<SamplingKind> {
    static constexpr Words<SamplingKind, 6> all{{{SamplingKind::one_in, "one_in"},
                                                 {SamplingKind::counted, "counted"},
                                                 {SamplingKind::adaptive, "adaptive"},
                                                 {SamplingKind::bytes, "bytes"},
                                                 {SamplingKind::strata, "strata"},
                                                 {SamplingKind::auto_rate, "auto_rate"}}};
};

template <class E>
concept WordEnum = std::is_enum_v<E> && requires {
    EnumWords<E>::all;
};

// ---- Members
// --------------------------------------------------------------------------------------

template <class Archive, RecordOf<ProcessRecord> R>
void describe(Archive& archive, R& r) {
    archive("id", r.id);
    archive("parent", r.parent);
    archive("pid", r.pid);
    archive("is_main", r.is_main);
    archive("is_image", r.is_image);
    archive("sampled", r.sampled);
    archive("death_test_child", r.death_test_child);
    archive("end", r.end);
    archive("status", r.status);
    archive("last_owner", r.last_owner);
    archive("start_ns", r.start_ns);
    archive("end_ns", r.end_ns);
    archive("command", r.command);
}

template <class Archive, RecordOf<OwnerRecord> R>
void describe(Archive& archive, R& r) {
    archive("id", r.id);
    archive("kind", r.kind);
    archive("suite", r.suite);
    archive("test", r.test);
    archive("name_cut", r.name_cut);
    archive("runs", r.runs);
    archive("duration_ns", r.duration_ns);
    archive("first_order", r.first_order);
}

template <class Archive, RecordOf<StackRecord> R>
void describe(Archive& archive, R& r) {
    archive("id", r.id);
    archive("process", r.process);
    archive("status", r.status);
    archive("first_seen_ns", r.first_seen_ns);
    archive("frames", r.frames);
}

template <class Archive, RecordOf<Variable> R>
void describe(Archive& archive, R& r) {
    archive("name", r.name);
    archive("type", r.type);
    archive("offset", r.offset);
}

template <class Archive, RecordOf<HoldingRoot> R>
void describe(Archive& archive, R& r) {
    archive("kind", r.kind);
    archive("address", r.address);
    archive("thread", r.thread);
    archive("is_main_thread", r.is_main_thread);
    archive("object", r.object);
    archive("object_address", r.object_address);
    archive("variable", r.variable);
}

template <class Archive, RecordOf<HoldingBlock> R>
void describe(Archive& archive, R& r) {
    archive("bytes", r.bytes);
    archive("entered_at", r.entered_at);
    archive("pointer_at", r.pointer_at);
    archive("stack", r.stack);
}

template <class Archive, RecordOf<HoldingPath> R>
void describe(Archive& archive, R& r) {
    archive("root", r.root);
    archive("blocks", r.blocks);
    archive("left_out", r.left_out);
    archive("cut_at", r.cut_at);
}

template <class Archive, RecordOf<LiveGroup> R>
void describe(Archive& archive, R& r) {
    archive("process", r.process);
    archive("owner", r.owner);
    archive("stack", r.stack);
    archive("note", r.note);
    archive("stack_origin", r.stack_origin);
    archive("kind", r.kind);
    archive("released_in", r.released_in);
    archive("indirect_blocks", r.indirect_blocks);
    archive("indirect_bytes", r.indirect_bytes);
    archive("held_by", r.held_by);
    archive("libc_owned", r.libc_owned);
    archive("weight", r.weight);
    archive("repetition", r.repetition);
    archive("blocks", r.blocks);
    archive("bytes", r.bytes);
    archive("bytes_squared", r.bytes_squared);
    archive("largest", r.largest);
    archive("oldest_ns", r.oldest_ns);
    archive("newest_ns", r.newest_ns);
}

template <class Archive, RecordOf<AllocationTotal> R>
void describe(Archive& archive, R& r) {
    archive("process", r.process);
    archive("owner", r.owner);
    archive("stack", r.stack);
    archive("allocated_blocks", r.allocated_blocks);
    archive("allocated_bytes", r.allocated_bytes);
    archive("freed_blocks", r.freed_blocks);
    archive("freed_bytes", r.freed_bytes);
    archive("estimated_blocks", r.estimated_blocks);
    archive("estimated_bytes", r.estimated_bytes);
}

template <class Archive, RecordOf<OwnerUsage> R>
void describe(Archive& archive, R& r) {
    archive("process", r.process);
    archive("owner", r.owner);
    archive("allocated_blocks", r.allocated_blocks);
    archive("allocated_bytes", r.allocated_bytes);
    archive("freed_blocks", r.freed_blocks);
    archive("freed_bytes", r.freed_bytes);
    archive("live_before", r.live_before);
    archive("live_after", r.live_after);
    archive("peak", r.peak);
}

template <class Archive, RecordOf<PointerCheck> R>
void describe(Archive& archive, R& r) {
    archive("process", r.process);
    archive("failure", r.failure);
    archive("threads", r.threads);
    archive("scanned_bytes", r.scanned_bytes);
    archive("unread_bytes", r.unread_bytes);
    archive("pause_ns", r.pause_ns);
    archive("test_ends", r.test_ends);
    archive("failed_test_ends", r.failed_test_ends);
    archive("test_ends_pause_ns", r.test_ends_pause_ns);
    archive("kept_paths", r.kept_paths);
}

template <class Archive, RecordOf<NoteRecord> R>
void describe(Archive& archive, R& r) {
    archive("id", r.id);
    archive("kind", r.kind);
    archive("process", r.process);
    archive("owner", r.owner);
    archive("bytes", r.bytes);
    archive("blocks", r.blocks);
    archive("text", r.text);
}

template <class Archive, RecordOf<Loss> R>
void describe(Archive& archive, R& r) {
    archive("name", r.name);
    archive("explanation", r.explanation);
    archive("count", r.count);
    archive("harms_verdict", r.harms_verdict);
}

template <class Archive, RecordOf<SizeStratum> R>
void describe(Archive& archive, R& r) {
    archive("below", r.below);
    archive("rate", r.rate);
}

template <class Archive, RecordOf<SamplingInfo> R>
void describe(Archive& archive, R& r) {
    archive("mode", r.mode);
    archive("rate", r.rate);
    archive("seed", r.seed);
    archive("min_size", r.min_size);
    archive("max_size", r.max_size);
    archive("kind", r.kind);
    archive("first_samples", r.first_samples);
    archive("mean_bytes", r.mean_bytes);
    archive("strata", r.strata);
}

template <class Archive, RecordOf<Snapshot> R>
void describe(Archive& archive, R& r) {
    archive("engine", r.engine);
    archive("command", r.command);
    archive("sampling", r.sampling);
    archive("taken_ns", r.taken_ns);
    archive("processes", r.processes);
    archive("owners", r.owners);
    archive("stacks", r.stacks);
    archive("live", r.live);
    archive("totals", r.totals);
    archive("usage", r.usage);
    archive("checks", r.checks);
    archive("notes", r.notes);
    archive("losses", r.losses);
    archive("discovery", r.discovery);
    archive("discovery_note", r.discovery_note);
    archive("events", r.events);
}

template <class Archive, RecordOf<ChildResult> R>
void describe(Archive& archive, R& r) {
    archive("end", r.end);
    archive("status", r.status);
    archive("core_dumped", r.core_dumped);
    archive("running_test", r.running_test);
}

template <class Archive, RecordOf<PressureChange> R>
void describe(Archive& archive, R& r) {
    archive("at_seconds", r.at_seconds);
    archive("level", r.level);
    archive("stopped", r.stopped);
    archive("reason", r.reason);
}

template <class Archive, RecordOf<Overhead> R>
void describe(Archive& archive, R& r) {
    archive("events", r.events);
    archive("timed_events", r.timed_events);
    archive("event_ns", r.event_ns);
    archive("trap_ns", r.trap_ns);
    archive("cpu_seconds", r.cpu_seconds);
    archive("limit_percent", r.limit_percent);
    archive("pressure", r.pressure);
}

template <class Archive, RecordOf<RunFacts> R>
void describe(Archive& archive, R& r) {
    archive("tool_version", r.tool_version);
    archive("working_directory", r.working_directory);
    archive("source_root", r.source_root);
    archive("started_at", r.started_at);
    archive("wall_seconds", r.wall_seconds);
    archive("child", r.child);
    archive("warnings", r.warnings);
    archive("overhead", r.overhead);
}

template <class Archive, RecordOf<Frame> R>
void describe(Archive& archive, R& r) {
    archive("function", r.function);
    archive("file", r.file);
    archive("line", r.line);
    archive("column", r.column);
    archive("module", r.module);
    archive("build_id", r.build_id);
    archive("address", r.address);
    archive("inlined", r.inlined);
    archive("in_project", r.in_project);
}

template <class Archive, RecordOf<SourceLocation> R>
void describe(Archive& archive, R& r) {
    archive("function", r.function);
    archive("file", r.file);
    archive("line", r.line);
}

// ---- The file
// -------------------------------------------------------------------------------------

struct RecordedSymbols {
    StackId stack{};
    std::vector<Frame> frames;
};

struct RecordedDefinition {
    std::string suite;
    std::string test;
    SourceLocation location;
};

struct RecordingFile {
    Snapshot snapshot;
    RunFacts facts;
    std::vector<RecordedSymbols> symbols;
    std::vector<RecordedDefinition> test_definitions;
};

template <class Archive, RecordOf<RecordedSymbols> R>
void describe(Archive& archive, R& r) {
    archive("stack", r.stack);
    archive("frames", r.frames);
}

template <class Archive, RecordOf<RecordedDefinition> R>
void describe(Archive& archive, R& r) {
    archive("suite", r.suite);
    archive("test", r.test);
    archive("location", r.location);
}

template <class Archive, RecordOf<RecordingFile> R>
void describe(Archive& archive, R& r) {
    archive("snapshot", r.snapshot);
    archive("facts", r.facts);
    archive("symbols", r.symbols);
    archive("test_definitions", r.test_definitions);
}

}  // namespace leakcheck
