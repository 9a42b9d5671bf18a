// SPDX-License-Identifier: Apache-2.0
#include "analysis/analysis.hpp"

#include <algorithm>

#include "analysis/baseline_states.hpp"
#include "analysis/budget_results.hpp"
#include "analysis/exemptions.hpp"
#include "analysis/findings.hpp"
#include "analysis/sampled_sum.hpp"
#include "analysis/scopes.hpp"
#include "analysis/stack_summary.hpp"
#include "analysis/sums.hpp"
#include "analysis/test_results.hpp"
#include "analysis/verdict.hpp"
#include "analysis/warnings.hpp"

namespace leakcheck {
namespace {

Report start_report(const Snapshot& snapshot, const RunFacts& facts,
                    const AnalysisOptions& options) {
    Report report;
    report.tool_version = facts.tool_version;
    report.engine = snapshot.engine;
    report.command = snapshot.command;
    report.working_directory = facts.working_directory;
    report.source_root = facts.source_root;
    report.started_at = facts.started_at;
    report.wall_seconds = facts.wall_seconds;
    report.sampling = snapshot.sampling;
    report.config_file = options.config_file;
    report.environment = options.environment;
    report.budget = options.budget;
    report.gate_outside_tests = options.gate_outside_tests;
    report.fail_on = options.fail_on;
    report.warnings = facts.warnings;
    report.processes = snapshot.processes.size();
    report.untraced_processes = count_untraced(snapshot);
    report.events = snapshot.events;
    report.overhead = facts.overhead;
    report.discovery = snapshot.discovery;
    report.discovery_note = snapshot.discovery_note;
    report.child = facts.child;
    return report;
}

std::vector<CheckedProcess> checked_processes(const Snapshot& snapshot,
                                              const Processes& processes) {
    std::vector<CheckedProcess> checked;
    for (const PointerCheck& check : snapshot.checks) {
        const ProcessRecord* process = processes.find(check.process);
        checked.push_back(
            {process != nullptr ? process_label(*process) : "unknown process", check});
    }
    return checked;
}

Sample sum_all(const std::vector<Sample>& samples) {
    Sample sum;
    for (const Sample& sample : samples) sum.add(sample);
    return sum;
}

Unseen describe_unseen(const SamplingInfo& sampling, const Sample& allocated) {
    const Quantity blocks = allocated.blocks({});
    const Quantity bytes = allocated.bytes({});
    const double mean = blocks.observed == 0 ? 0.0 : bytes.estimate / blocks.estimate;
    return Unseen(sampling, mean);
}

KindTotals sum_by_kind(const Findings& found) {
    KindTotals totals;
    for (const SampledLeak& leak : found.leaks) totals.try_emplace(leak.leak.kind);
    for (auto& [kind, total] : totals) {
        const auto is_of_kind = [wanted = kind](const SampledLeak& leak) {
            return leak.leak.kind == wanted;
        };
        const SampledSum sum = sum_leaks(found, is_of_kind);
        total = {sum.bytes(found.unseen), sum.blocks(found.unseen)};
    }
    return totals;
}

void put_quantities(Report& report, const Findings& found) {
    const auto is_other = [](const SampledLeak& leak) {
        return !is_gating(leak) && !is_released(leak.leak);
    };
    const SampledSum gating = sum_leaks(found, is_gating);
    report.leaked_bytes = gating.bytes(found.unseen);
    report.leaked_blocks = gating.blocks(found.unseen);
    const SampledSum other = sum_leaks(found, is_other);
    report.other_bytes = other.bytes(found.unseen);
    report.other_blocks = other.blocks(found.unseen);
    report.by_kind = sum_by_kind(found);
    const Sample allocated = sum_all(found.allocations);
    report.allocated_bytes = allocated.bytes(found.unseen);
    report.allocated_blocks = allocated.blocks(found.unseen);
}

void put_losses(Report& report, const Snapshot& snapshot, const BlockSum& without_process) {
    std::copy_if(snapshot.losses.begin(), snapshot.losses.end(), std::back_inserter(report.losses),
                 [](const Loss& loss) { return loss.count > 0; });
    if (without_process.blocks == 0) return;
    report.losses.push_back({"unknown_process",
                             "blocks of a process that left no record are missing from the report",
                             without_process.blocks, true});
}

void put_leaks(Report& report, std::vector<SampledLeak>&& leaks) {
    for (SampledLeak& leak : leaks) report.leaks.push_back(std::move(leak.leak));
}

}  // namespace

Findings examine(const Snapshot& snapshot, const RunFacts& facts, const AnalysisOptions& options,
                 const SymbolizeFn& symbolize) {
    const Processes processes(snapshot);
    Findings found{snapshot, Owners(snapshot)};
    Stacks stacks(snapshot, symbolize);
    Outstanding outstanding = attribute(snapshot, processes, found.owners, options);
    set_aside_allocators_own(outstanding, stacks);
    found.allocations = sum_allocations(snapshot, found.owners);
    found.unseen = describe_unseen(snapshot.sampling, sum_all(found.allocations));
    found.leaks = find_leaks(outstanding, processes, found.owners, stacks, found.unseen,
                             FileGlobs(options.not_my_code), options.repetitions);
    found.heap_use = find_heap_use(snapshot, processes, found.owners);
    found.budgets = find_test_budgets(snapshot, found.owners);
    found.blind_spots = find_blind_spots(processes);
    if (auto gap = describe_untraced_time(facts.overhead, snapshot.sampling, options.min_age_ns)) {
        found.blind_spots.push_back(std::move(*gap));
    }
    found.interrupted = interrupted_test(facts.child, processes, found.owners);

    found.report = start_report(snapshot, facts, options);
    found.report.libc_blocks = outstanding.libc.blocks;
    found.report.libc_bytes = outstanding.libc.bytes;
    found.report.younger_blocks = outstanding.younger.blocks;
    found.report.younger_bytes = outstanding.younger.bytes;
    found.report.pointer_checks = checked_processes(snapshot, processes);
    put_losses(found.report, snapshot, outstanding.lost);
    return found;
}

Report conclude(Findings found, const AnalysisOptions& options,
                const TestDefinitionFn& test_definition) {
    apply_exemptions(found, options);
    const std::vector<Scope> scopes = make_scopes(found, options);
    Report report = std::move(found.report);
    put_quantities(report, found);
    report.verdict = judge(scopes, report.losses, found.blind_spots);
    if (report.baseline && report.baseline->ratchet && !report.baseline->fixed.empty()) {
        report.verdict.violations.push_back(ratchet_violation(*report.baseline));
        report.verdict.status = VerdictStatus::fail;
    }
    report.budgets = sum_by_rule(options.budget_rules, scopes, report.started_at);
    mark_leaks(found.leaks, scopes);
    report.verdict.confirmed = found.confirmed;
    if (!found.settled.empty()) report.verdict.stage = VerdictStage::confirm;
    if (found.interrupted && report.child.running_test.empty()) {
        report.child.running_test = found.owners.all()[*found.interrupted].label;
    }
    report.tests = make_test_results({found.owners, found.leaks, found.allocations, found.heap_use,
                                      found.budgets, test_definition, found.interrupted,
                                      found.unseen, found.settled});
    report.suites = sum_by_suite(found);
    report.sites = sum_by_site(found);
    put_leaks(report, std::move(found.leaks));
    report.stacks = summarise_stacks(found.snapshot, report.leaks);
    for (std::string& warning : find_warnings(found.snapshot, found.owners, report)) {
        report.warnings.push_back(std::move(warning));
    }
    for (std::string& warning : find_confirm_warnings(found, report)) {
        report.warnings.push_back(std::move(warning));
    }
    report.exit_code = choose_exit_code(report.child, report.verdict.status, options);
    return report;
}

Report analyse(const Snapshot& snapshot, const RunFacts& facts, const AnalysisOptions& options,
               const SymbolizeFn& symbolize, const TestDefinitionFn& test_definition) {
    return conclude(examine(snapshot, facts, options, symbolize), options, test_definition);
}

}  // namespace leakcheck
