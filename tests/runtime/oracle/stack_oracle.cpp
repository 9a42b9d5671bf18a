// SPDX-License-Identifier: Apache-2.0
//
// stack_oracle [OPTIONS] -- COMMAND [ARG...]
//
// Runs a command as leakcheck does, at rate 1, and compares the stack that leakcheck keeps of each
// allocation with what libdw makes of the same registers and memory, frame by frame and in full depth.
// Exit status: 0 when no stack is wrong; 1 when one is, or none was compared; 125 when it could not be done.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>

#include "runner/cli/options.hpp"
#include "runner/launch/child.hpp"
#include "runner/launch/environment_block.hpp"
#include "runner/launch/signals.hpp"
#include "runner/run/sampler_library.hpp"
#include "runner/run/supervise.hpp"
#include "runner/trace/run_directory.hpp"
#include "tests/runtime/oracle/event_assembler.hpp"
#include "tests/runtime/oracle/event_comparer.hpp"
#include "tests/runtime/oracle/oracle_tracer.hpp"

namespace leakcheck::oracle {
namespace {

struct Arguments {
    Options run;
    CaptureOptions capture;
    std::string report;
    std::string stacks;
    std::size_t shown = 3;
};

struct Traced {
    ChildResult child;
    TraceResult result;
    CaptureCounts counts;
};

TraceConfig trace_config(const Arguments& arguments, const RunDirectory& directory) {
    TraceConfig config;
    config.sampler = directory.sampler();
    config.control = directory.control();
    config.stack_depth = arguments.run.stack_depth;
    return config;
}

Traced trace(const Arguments& arguments, const RunDirectory& directory, RecordSpool& spool) {
    EnvironmentBlock environment(environ);
    environment.preload(directory.sampler().string());
    Signals signals;
    OracleTracer tracer(trace_config(arguments, directory), arguments.capture, spool);
    LaunchSpec spec;
    spec.command = arguments.run.command;
    spec.environment = environment.entries();
    spec.signal_mask = signals.original_mask();
    Child child(spec);
    tracer.set_command(child.pid());
    const ChildResult ended = supervise(child, signals, tracer, {}).child;
    TraceResult result = tracer.finish();
    return {ended, std::move(result), tracer.counts()};
}

int status_of(const ChildResult& child) {
    return child.end == ProcessEnd::signaled ? 128 + child.status : child.status;
}

nlohmann::json losses_of(const Snapshot& snapshot) {
    nlohmann::json losses = nlohmann::json::object();
    for (const Loss& loss : snapshot.losses)
        if (loss.count != 0) losses[loss.name] = loss.count;
    return losses;
}

nlohmann::json make_report(const Traced& traced, const Tally& tally,
                           const EventComparer& comparer) {
    nlohmann::json report = tally.json();
    report["command_status"] = status_of(traced.child);
    report["recorded"] = traced.counts.seen;
    report["passed_over"] = traced.counts.passed_over;
    report["lost"] = traced.counts.lost;
    report["asked_back"] = traced.counts.asked_back;
    report["unrecorded"] = traced.counts.unrecorded;
    report["unreadable_files"] = comparer.unreadable();
    report["losses"] = losses_of(traced.result.snapshot);
    return report;
}

void print(const nlohmann::json& report) {
    for (const auto& text : report.at("examples")) std::cerr << text.get<std::string>() << "\n";
    nlohmann::json rest = report;
    rest.erase("examples");
    std::cerr << rest.dump(2) << "\n";
}

// A line for an event: its size, its stack's status and frames, as leakcheck has them.
void write_stack(std::ostream& out, const Event& event, const StackRecord* recorded) {
    const StackStatus status = recorded != nullptr ? recorded->status : StackStatus::missing;
    out << event.size << ' ' << word_for(status);
    if (recorded != nullptr)
        for (const std::uint64_t frame : recorded->frames) out << fmt::format(" {:x}", frame);
    out << '\n';
}

int check(const Arguments& arguments) {
    RunDirectory directory(::getuid(), ::getgid());
    make_run_copy(LEAKCHECK_SAMPLER, directory.sampler(), directory.control(), arguments.run);
    RecordSpool spool;
    const Traced traced = trace(arguments, directory, spool);
    directory.stop_answering();
    Tally tally(arguments.shown);
    EventComparer comparer(traced.result, arguments.run.stack_depth, tally);
    std::ofstream stacks(arguments.stacks);  // of no name: takes nothing
    EventAssembler assembler([&](const Event& event) {
        comparer.compare_event(event);
        if (stacks.is_open()) write_stack(stacks, event, comparer.recorded(event));
    });
    spool.for_each([&](const void* record, std::size_t size) { assembler.add(record, size); });
    const nlohmann::json report = make_report(traced, tally, comparer);
    print(report);
    if (!arguments.report.empty()) std::ofstream(arguments.report) << report.dump(2) << "\n";
    return tally.events() == 0 || tally.count(Verdict::different) > 0 ? 1 : 0;
}

void define(CLI::App& app, Arguments& arguments) {
    app.add_option("--every", arguments.capture.every, "compare one of so many allocations")
        ->check(CLI::PositiveNumber);
    app.add_option("--max-events", arguments.capture.most, "compare so many allocations at most");
    app.add_option("--ring-mib", arguments.capture.ring_mib, "buffer, MiB, a power of two");
    app.add_option("--stack-depth", arguments.run.stack_depth, "leakcheck's depth limit")
        ->check(CLI::Range(1, LEAKCHECK_MAX_FRAMES));
    app.add_option("--show", arguments.shown, "print so many stacks of each verdict in full");
    app.add_option("--report", arguments.report, "write the result to this file, as JSON");
    app.add_option("--stacks", arguments.stacks, "write each event's size and stack to this file");
    app.add_option("command", arguments.run.command, "what to run")->required();
    app.positionals_at_end();
}

}  // namespace
}  // namespace leakcheck::oracle

int main(int argc, char** argv) {
    using namespace leakcheck;
    try {
        CLI::App app("Compares leakcheck's stacks with libdw's");
        oracle::Arguments arguments;
        oracle::define(app, arguments);
        CLI11_PARSE(app, argc, argv);
        return oracle::check(arguments);
    } catch (const std::exception& error) {
        std::cerr << "stack_oracle: " << error.what() << "\n";
        return own_error_status;
    }
}
