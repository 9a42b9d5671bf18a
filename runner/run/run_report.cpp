// SPDX-License-Identifier: Apache-2.0
#include "runner/run/run_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>
#include <utility>

#include "runner/cli/version.hpp"
#include "runner/run/progress_on_terminal.hpp"
#include "runner/trace/trace_error.hpp"

namespace leakcheck {
namespace {

SamplingInfo sampling_info(const Options& options) {
    const SamplingMode& mode = options.sampling;
    return {mode.text,        mode.rate, options.seed,          options.min_size,
            options.max_size, mode.kind, options.first_samples, mode.mean_bytes,
            mode.strata};
}

SymbolizerOptions symbolizer_options(const RunPlan& plan) {
    SymbolizerOptions options;
    options.source_root = plan.source_root;
    for (const PathMapping& mapping : plan.options.path_mappings) {
        options.path_mappings.push_back(
            {mapping.from, (plan.working_directory / mapping.to).string()});
    }
    return options;
}

std::size_t count_live_stacks(const Snapshot& snapshot) {
    std::set<StackId> stacks;
    for (const LiveGroup& group : snapshot.live) stacks.insert(group.stack);
    return stacks.size();
}

void require_sampler(const Snapshot& snapshot) {
    const auto& processes = snapshot.processes;
    if (std::any_of(processes.begin(), processes.end(),
                    [](const ProcessRecord& process) { return process.sampled; }))
        return;
    throw TraceError(fmt::format(
        "{} ran without the sampler (was LD_PRELOAD cleared, or is a static program behind it?): "
        "nothing was traced",
        snapshot.command[0]));
}

}  // namespace

AnalysisOptions analysis_options(const RunPlan& plan, const Options& options) {
    AnalysisOptions analysis;
    analysis.config_file = options.config_name;
    analysis.environment = options.environment;
    analysis.budget = options.budget;
    analysis.budget_rules = options.budget_rules;
    analysis.suppressions = plan.suppressions;
    analysis.baseline = plan.baseline;
    analysis.gate_outside_tests = options.gate_outside_tests;
    analysis.fail_on = options.fail_on;
    analysis.min_age_ns = options.min_age_ms * 1'000'000;
    analysis.error_exitcode = options.error_exitcode;
    analysis.exit_zero = options.exit_zero;
    analysis.not_my_code = options.not_my_code;
    analysis.repetitions = options.repetitions;
    return analysis;
}

ExaminedRun::ExaminedRun(TracedRun run, const RunPlan& plan, const Options& options, Record record)
    : run_(std::move(run)),
      analysis_(analysis_options(plan, options)),
      record_(record),
      facts_(facts(plan)),
      symbolizer_(symbolizer_options(plan)),
      progress_(progress_on_terminal(options, std::chrono::seconds(1))) {
    Snapshot& snapshot = run_.result.snapshot;
    snapshot.command = options.command;
    snapshot.sampling = sampling_info(options);
    require_sampler(snapshot);
    for (const ProcessRecord& process : snapshot.processes) symbolizer_.add_process(process);
    for (Mapping& mapping : run_.result.mappings) symbolizer_.add_mapping(std::move(mapping));
    for (LiveGroup& group : snapshot.live)
        group.held_by.root.variable = symbolizer_.variable(group.held_by.root);
    stacks_ = count_live_stacks(snapshot);
    if (record_ == Record::yes)
        recording_ = make_recording(snapshot, facts_, symbolize(), test_definition());
}

RunFacts ExaminedRun::facts(const RunPlan& plan) const {
    return {tool_version(),
            std::filesystem::canonical(plan.working_directory).string(),
            plan.source_root.string(),
            run_.started_at,
            run_.wall_seconds,
            run_.supervision.child,
            run_.result.warnings,
            run_.overhead};
}

SymbolizeFn ExaminedRun::symbolize() {
    return [this](const StackRecord& stack) {
        if (progress_ != nullptr) progress_->update_symbolizing(symbolized_, stacks_);
        ++symbolized_;
        return symbolizer_.symbolize(stack);
    };
}

TestDefinitionFn ExaminedRun::test_definition() {
    return [this](const std::string& suite, const std::string& test) {
        return symbolizer_.test_definition(suite, test);
    };
}

Findings ExaminedRun::examine() {
    Findings found =
        leakcheck::examine(run_.result.snapshot, facts_, analysis_,
                           record_ == Record::yes ? recorded_symbols(recording_) : symbolize());
    if (progress_ != nullptr) progress_->erase();
    return found;
}

Report ExaminedRun::conclude(Findings findings) {
    Report report = leakcheck::conclude(
        std::move(findings), analysis_,
        record_ == Record::yes ? recorded_definitions(recording_) : test_definition());
    report.warnings.insert(report.warnings.end(), symbolizer_.warnings().begin(),
                           symbolizer_.warnings().end());
    return report;
}

}  // namespace leakcheck
