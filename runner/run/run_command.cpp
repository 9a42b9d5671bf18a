// SPDX-License-Identifier: Apache-2.0
#include "runner/run/run_command.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <set>

#include "analysis/analysis.hpp"
#include "analysis/verdict.hpp"
#include "runner/cli/gtest_xml.hpp"
#include "runner/cli/identity.hpp"
#include "runner/cli/progress.hpp"
#include "runner/cli/report_files.hpp"
#include "runner/cli/source_root.hpp"
#include "runner/cli/terminal.hpp"
#include "runner/cli/version.hpp"
#include "runner/elf/program_check.hpp"
#include "runner/elf/symbolizer.hpp"
#include "runner/launch/child.hpp"
#include "runner/launch/environment_block.hpp"
#include "runner/launch/signals.hpp"
#include "runner/record/recording.hpp"
#include "runner/run/preflight.hpp"
#include "runner/run/report_writer.hpp"
#include "runner/run/sampler_library.hpp"
#include "runner/run/supervise.hpp"
#include "runner/trace/open_tracer.hpp"
#include "runner/trace/run_directory.hpp"
#include "runner/trace/trace_error.hpp"

namespace leakcheck {
namespace {

namespace fs = std::filesystem;

// Ends the run before the command has started, with a status of its own.
class CannotStart : public std::runtime_error {
  public:
    CannotStart(const std::string& message, int status)
        : std::runtime_error(message), status_(status) {}
    int status() const { return status_; }

  private:
    int status_;
};

template <typename Result>
Result need(Outcome<Result> outcome) {
    if (const auto* problem = std::get_if<Problem>(&outcome))
        throw CannotStart(problem->message, own_error_status);
    return std::get<Result>(std::move(outcome));
}

void say(const std::string& message) {
    std::cerr << "leakcheck: " << message << "\n" << std::flush;
}

// All that is settled before the command starts.
struct Plan {
    const Options& options;
    Identity identity;
    fs::path working_directory;
    fs::path source_root;
    EnvironmentBlock environment;
};

Plan make_plan(const Options& options) {
    const fs::path here = fs::current_path();
    Plan plan{options, need(choose_identity(real_identity_world(), options.as_root)), here,
              need(find_source_root(options.source_root, here)), EnvironmentBlock(environ)};
    for (const std::string& entry : plan.identity.environment) {
        plan.environment.set_entry(entry);
    }
    return plan;
}

int status_of(ProgramProblem problem) {
    switch (problem) {
        case ProgramProblem::not_found:
            return 127;
        case ProgramProblem::not_executable:
            return 126;
        default:
            return own_error_status;
    }
}

// Nothing where the command runs as whoever runs this.
std::optional<ProgramUser> program_user(const Identity& identity) {
    if (!identity.differs) return std::nullopt;
    return ProgramUser{
        identity.uid, identity.gid, {identity.groups.begin(), identity.groups.end()}};
}

void check_before_running(const Plan& plan, const std::vector<ReportFile>& files) {
    const ProgramCheck program =
        check_program(plan.options.command[0], plan.environment.get("PATH").value_or(""),
                      program_user(plan.identity));
    if (program.problem != ProgramProblem::none)
        throw CannotStart(program.message, status_of(program.problem));
    if (const auto problem =
            prepare_report_files(files, plan.options.reports.directory, plan.identity))
        throw CannotStart(problem->message, own_error_status);
    if (const auto blocker = first_blocker_here()) throw CannotStart(*blocker, own_error_status);
}

StackWalk stack_walk(StackWalkChoice choice) {
    if (choice == StackWalkChoice::tables) return StackWalk::tables;
    if (choice == StackWalkChoice::frame_pointers) return StackWalk::frame_pointers;
    return best_stack_walk();
}

TraceConfig trace_config(const Options& options, const RunDirectory& directory) {
    TraceConfig config;
    config.sampler = directory.sampler();
    config.control = directory.control();
    config.limits = {options.maps.live, options.maps.stacks, options.maps.processes,
                     options.maps.tests};
    config.stack_depth = options.stack_depth;
    config.walk = stack_walk(options.stack_walk);
    config.min_age_ns = options.min_age_ms * 1'000'000;
    return config;
}

LaunchSpec launch_spec(const Plan& plan, const EnvironmentBlock& environment,
                       const sigset_t& mask) {
    LaunchSpec spec;
    spec.command = plan.options.command;
    spec.environment = environment.entries();
    spec.change_identity = plan.identity.differs;
    spec.uid = plan.identity.uid;
    spec.gid = plan.identity.gid;
    spec.groups = plan.identity.groups;
    spec.signal_mask = mask;
    return spec;
}

// Null where none is to be shown.
std::unique_ptr<ProgressLine> progress_line(const Options& options,
                                            std::chrono::milliseconds quiet) {
    const Stream stream = stream_of(STDERR_FILENO);
    if (!wants_progress(options.verbosity, stream, process_environment())) return nullptr;
    return std::make_unique<ProgressLine>(
        std::cerr, [] { return std::chrono::steady_clock::now(); },
        [] { return terminal_columns(STDERR_FILENO); }, quiet);
}

// What the traced part of a run leaves behind.
struct Traced {
    ChildResult child;
    TraceResult result;
    std::string gtest_xml;
    std::string started_at;
    double wall_seconds = 0.0;
};

std::string take_gtest_xml(const GtestXmlPlan& xml_plan, const Plan& plan,
                           std::vector<std::string>& warnings) {
    if (!plan.options.reports.junit) return {};
    if (!xml_plan.note.empty()) warnings.push_back(xml_plan.note);
    auto collected = collect_gtest_xml(xml_plan, plan.identity);
    if (auto* xml = std::get_if<GtestXml>(&collected)) {
        warnings.insert(warnings.end(), xml->notes.begin(), xml->notes.end());
        return std::move(xml->text);
    }
    warnings.push_back("the JUnit report has no GoogleTest XML in it: " +
                       std::get<NoGtestXml>(collected).reason);
    return {};
}

bool has_survivors(const Snapshot& snapshot) {
    return std::any_of(
        snapshot.processes.begin(), snapshot.processes.end(),
        [](const ProcessRecord& process) { return process.end == ProcessEnd::running; });
}

Traced launch_and_trace(const Plan& plan) {
    const auto library = find_sampler_library();
    if (!library)
        throw TraceError(
            "libleakcheck_sampler.so is not where it was installed; install leakcheck again");
    RunDirectory directory(plan.identity.uid, plan.identity.gid);
    make_run_copy(*library, directory.sampler(), directory.control(), plan.options);

    EnvironmentBlock environment = plan.environment;
    environment.preload(directory.sampler().string());
    GtestXmlPlan xml_plan;
    if (plan.options.reports.junit) {
        xml_plan = plan_gtest_xml(
            {plan.options.command, [&](const std::string& name) { return environment.get(name); },
             plan.working_directory, directory.xml()},
            plan.identity);
        for (const std::string& entry : xml_plan.environment) {
            environment.set_entry(entry);
        }
    }

    Signals signals;
    const std::unique_ptr<Tracer> tracer = open_tracer(trace_config(plan.options, directory));
    Traced traced;
    traced.started_at = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
    const auto start = std::chrono::steady_clock::now();
    Child child(launch_spec(plan, environment, signals.original_mask()));
    tracer->set_command(child.pid());
    const auto progress = progress_line(plan.options, std::chrono::milliseconds(250));
    traced.child = supervise(child, signals, *tracer, progress.get());
    traced.wall_seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    directory.stop_answering();
    traced.result = tracer->finish();
    if (has_survivors(traced.result.snapshot)) directory.keep();
    traced.gtest_xml = take_gtest_xml(xml_plan, plan, traced.result.warnings);
    return traced;
}

SamplingInfo sampling_info(const Options& options) {
    const SamplingMode& mode = options.sampling;
    return {mode.text,        mode.rate, options.seed,          options.min_size,
            options.max_size, mode.kind, options.first_samples, mode.mean_bytes,
            mode.strata};
}

SymbolizerOptions symbolizer_options(const Plan& plan) {
    SymbolizerOptions options;
    options.source_root = plan.source_root;
    for (const PathMapping& mapping : plan.options.path_mappings) {
        options.path_mappings.push_back(
            {mapping.from, (plan.working_directory / mapping.to).string()});
    }
    return options;
}

AnalysisOptions analysis_options(const Options& options) {
    AnalysisOptions analysis;
    analysis.budget = options.budget;
    analysis.gate_outside_tests = options.gate_outside_tests;
    analysis.min_age_ns = options.min_age_ms * 1'000'000;
    analysis.error_exitcode = options.error_exitcode;
    analysis.exit_zero = options.exit_zero;
    analysis.not_my_code = options.not_my_code;
    return analysis;
}

// No more than these are symbolized.
std::size_t count_live_stacks(const Snapshot& snapshot) {
    std::set<StackId> stacks;
    for (const LiveGroup& group : snapshot.live) stacks.insert(group.stack);
    return stacks.size();
}

Report make_report(Traced& traced, const Plan& plan, Recording& recording) {
    const Options& options = plan.options;
    Snapshot& snapshot = traced.result.snapshot;
    snapshot.command = options.command;
    snapshot.sampling = sampling_info(options);
    Symbolizer symbolizer(symbolizer_options(plan));
    for (const ProcessRecord& process : snapshot.processes) symbolizer.add_process(process);
    for (Mapping& mapping : traced.result.mappings) symbolizer.add_mapping(std::move(mapping));

    const RunFacts facts{tool_version(),
                         fs::canonical(plan.working_directory).string(),
                         plan.source_root.string(),
                         traced.started_at,
                         traced.wall_seconds,
                         traced.child,
                         traced.result.warnings};
    const AnalysisOptions analysis = analysis_options(options);
    const auto progress = progress_line(options, std::chrono::seconds(1));
    const std::size_t stacks = count_live_stacks(snapshot);
    std::size_t symbolized = 0;
    const auto symbolize = [&](const StackRecord& stack) {
        if (progress != nullptr) progress->update_symbolizing(symbolized, stacks);
        ++symbolized;
        return symbolizer.symbolize(stack);
    };
    const auto definition = [&](const std::string& suite, const std::string& test) {
        return symbolizer.test_definition(suite, test);
    };
    if (options.reports.record) recording = make_recording(snapshot, facts, symbolize, definition);
    Report report = options.reports.record
                        ? replay(recording, analysis)
                        : analyse(snapshot, facts, analysis, symbolize, definition);
    report.warnings.insert(report.warnings.end(), symbolizer.warnings().begin(),
                           symbolizer.warnings().end());
    return report;
}

// A report that says nothing because nothing was seen must not pass for a clean one.
void require_sampler(const Snapshot& snapshot, const std::string& command) {
    for (const ProcessRecord& process : snapshot.processes)
        if (process.sampled) return;
    throw TraceError(fmt::format(
        "{} ran without the sampler (was LD_PRELOAD cleared, or is a static program behind it?): "
        "nothing was traced",
        command));
}

int report_run(Traced& traced, const Plan& plan) {
    std::signal(SIGPIPE, SIG_IGN);  // only now: the command would have inherited it
    try {
        require_sampler(traced.result.snapshot, plan.options.command[0]);
        Recording recording;
        const Report report = make_report(traced, plan, recording);
        const auto problems =
            write_reports({report, recording, traced.gtest_xml}, plan.options, plan.identity);
        for (const std::string& problem : problems) say(problem);
        return problems.empty() || report.exit_code != 0 ? report.exit_code : own_error_status;
    } catch (const std::exception& error) {
        say(error.what());
        const int status = command_status(traced.child);
        return status != 0 ? status : own_error_status;
    }
}

}  // namespace

int run_command(const Options& options) {
    try {
        const Plan plan = make_plan(options);
        check_before_running(plan, report_files(options.reports));
        Traced traced = launch_and_trace(plan);
        return report_run(traced, plan);
    } catch (const CannotStart& error) {
        say(error.what());
        return error.status();
    } catch (const LaunchError& error) {
        say(error.what());
        return error.status();
    } catch (const std::exception& error) {
        say(error.what());
        return own_error_status;
    }
}

}  // namespace leakcheck
