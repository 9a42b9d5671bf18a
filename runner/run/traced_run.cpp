// SPDX-License-Identifier: Apache-2.0
#include "runner/run/traced_run.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "runner/cli/gtest_xml.hpp"
#include "runner/launch/child.hpp"
#include "runner/launch/signals.hpp"
#include "runner/run/end_check.hpp"
#include "runner/run/progress_on_terminal.hpp"
#include "runner/run/sampler_library.hpp"
#include "runner/trace/open_tracer.hpp"
#include "runner/trace/run_directory.hpp"
#include "runner/trace/trace_error.hpp"

namespace leakcheck {
namespace {

StackWalk stack_walk(StackWalkChoice choice) {
    if (choice == StackWalkChoice::tables) return StackWalk::tables;
    if (choice == StackWalkChoice::frame_pointers) return StackWalk::frame_pointers;
    return best_stack_walk();
}

Tables tables(const Options& options) {
    const SamplingKind kind = options.sampling.kind;
    if (!keeps_tables(kind, options.min_age_ms)) return Tables::none;
    return kind == SamplingKind::counted ? Tables::of_all_blocks : Tables::of_samples;
}

TraceConfig trace_config(const RunOrder& order, const RunDirectory& directory) {
    const Options& options = order.options;
    TraceConfig config;
    config.sampler = directory.sampler();
    config.control = directory.control();
    config.limits = {options.maps.live, options.maps.stacks, options.maps.processes,
                     options.maps.tests};
    config.stack_depth = options.stack_depth;
    config.tables = tables(options);
    config.end_check = end_check(options);
    config.walk = stack_walk(options.stack_walk);
    config.repetitions = options.repetitions;
    config.min_age_ns = options.min_age_ms * 1'000'000;
    return config;
}

LaunchSpec order_spec(const RunOrder& order, const EnvironmentBlock& environment,
                      const sigset_t& mask) {
    LaunchSpec spec = launch_spec(order.plan, mask);
    spec.command = order.command;
    spec.environment = environment.entries();
    spec.streams = order.streams;
    spec.group = order.process_group;
    return spec;
}

GtestXmlPlan plan_xml(const RunOrder& order, const RunDirectory& directory) {
    if (!order.wants_gtest_xml) return {};
    return plan_gtest_xml(
        {order.command, [&](const std::string& name) { return order.environment.get(name); },
         order.plan.working_directory, directory.xml()},
        order.plan.identity);
}

std::string take_gtest_xml(const GtestXmlPlan& xml_plan, const RunOrder& order,
                           std::vector<std::string>& warnings) {
    if (!order.wants_gtest_xml) return {};
    if (!xml_plan.note.empty()) warnings.push_back(xml_plan.note);
    auto collected = collect_gtest_xml(xml_plan, order.plan.identity);
    if (auto* xml = std::get_if<GtestXml>(&collected)) {
        warnings.insert(warnings.end(), xml->notes.begin(), xml->notes.end());
        return std::move(xml->text);
    }
    warnings.push_back("the JUnit report has no GoogleTest XML in it: " +
                       std::get<NoGtestXml>(collected).reason);
    return {};
}

EnvironmentBlock traced_environment(const RunOrder& order, const RunDirectory& directory,
                                    const GtestXmlPlan& xml_plan) {
    EnvironmentBlock environment = order.environment;
    environment.preload(directory.sampler().string());
    for (const std::string& entry : xml_plan.environment) environment.set_entry(entry);
    return environment;
}

std::optional<std::chrono::seconds> trace_duration(const Options& options) {
    if (!options.duration_s) return std::nullopt;
    return std::chrono::seconds(*options.duration_s);
}

bool has_survivors(const Snapshot& snapshot) {
    return std::any_of(
        snapshot.processes.begin(), snapshot.processes.end(),
        [](const ProcessRecord& process) { return process.end == ProcessEnd::running; });
}

void follow(const RunOrder& order, const EnvironmentBlock& environment, Tracer& tracer,
            Signals& signals, RunDirectory& directory, TracedRun& run) {
    run.started_at = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
    const auto start = std::chrono::steady_clock::now();
    Child child(order_spec(order, environment, signals.original_mask()));
    tracer.set_command(child.pid());
    const auto progress = progress_on_terminal(order.options, std::chrono::milliseconds(250));
    OverheadWatch overhead(tracer, child.pid(), overhead_limit(order.options),
                           trace_duration(order.options));
    run.supervision = supervise(child, signals, tracer,
                                {order.signal_policy, order.time_limit, progress.get(), &overhead});
    run.wall_seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    directory.stop_answering();
    run.result = tracer.finish();
    run.overhead = overhead.finish(child.cpu_ns(), run.result.cost);
}

}  // namespace

RunOrder first_run_order(const RunPlan& plan) {
    RunOrder order{plan, plan.options, plan.options.command, plan.environment};
    order.options.repetitions = 1;
    order.wants_gtest_xml = plan.options.reports.junit.has_value();
    return order;
}

TracedRun run_traced(const RunOrder& order) {
    const auto library = find_sampler_library();
    if (!library)
        throw TraceError(
            "libleakcheck_sampler.so is not where it was installed; install leakcheck again");
    const Identity& identity = order.plan.identity;
    RunDirectory directory(identity.uid, identity.gid);
    make_run_copy(*library, directory.sampler(), directory.control(), order.options);
    const GtestXmlPlan xml_plan = plan_xml(order, directory);

    TracedRun run;
    Signals signals;
    const std::unique_ptr<Tracer> tracer = open_tracer(trace_config(order, directory));
    follow(order, traced_environment(order, directory, xml_plan), *tracer, signals, directory, run);
    if (has_survivors(run.result.snapshot)) directory.keep();
    run.gtest_xml = take_gtest_xml(xml_plan, order, run.result.warnings);
    return run;
}

}  // namespace leakcheck
