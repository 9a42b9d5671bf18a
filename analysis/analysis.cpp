// SPDX-License-Identifier: Apache-2.0
#include "analysis/analysis.hpp"

#include <algorithm>

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
    report.budget = options.budget;
    report.gate_outside_tests = options.gate_outside_tests;
    report.warnings = facts.warnings;
    report.processes = snapshot.processes.size();
    report.untraced_processes = count_untraced(snapshot);
    report.events = snapshot.events;
    report.discovery = snapshot.discovery;
    report.discovery_note = snapshot.discovery_note;
    report.child = facts.child;
    return report;
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

template <class Condition>
Sample sum_leaks(const std::vector<SampledLeak>& leaks, Condition condition) {
    Sample sum;
    for (const SampledLeak& leak : leaks) {
        if (condition(leak)) sum.add(leak.sample);
    }
    return sum;
}

bool is_gating(const SampledLeak& leak) {
    return leak.leak.not_gated == NotGated::none;
}

void put_quantities(Report& report, const std::vector<SampledLeak>& leaks, const Sample& allocated,
                    const Unseen& unseen) {
    const Sample gating = sum_leaks(leaks, is_gating);
    const Sample other = sum_leaks(leaks, [](const SampledLeak& leak) { return !is_gating(leak); });
    report.leaked_bytes = gating.bytes(unseen);
    report.leaked_blocks = gating.blocks(unseen);
    report.other_bytes = other.bytes(unseen);
    report.other_blocks = other.blocks(unseen);
    report.allocated_bytes = allocated.bytes(unseen);
    report.allocated_blocks = allocated.blocks(unseen);
}

void put_losses(Report& report, const Snapshot& snapshot, const BlockSum& without_process) {
    std::copy_if(snapshot.losses.begin(), snapshot.losses.end(), std::back_inserter(report.losses),
                 [](const Loss& loss) { return loss.count > 0; });
    if (without_process.blocks == 0) return;
    report.losses.push_back({"unknown_process",
                             "blocks of a process that left no record are missing from the report",
                             without_process.blocks, true});
}

// One measure given by the user alone leaves the other without a limit.
std::uint64_t effective_limit(std::uint64_t value, bool given, bool other_given) {
    return given || !other_given ? value : UINT64_MAX;
}

template <class Condition>
Scope make_scope(std::string name, const std::vector<SampledLeak>& leaks, const Unseen& unseen,
                 Condition belongs) {
    const auto counts = [&belongs](const SampledLeak& leak) {
        return is_gating(leak) && belongs(leak);
    };
    Scope scope;
    scope.name = std::move(name);
    const Sample sum = sum_leaks(leaks, counts);
    scope.bytes = sum.bytes(unseen);
    scope.blocks = sum.blocks(unseen);
    for (const SampledLeak& leak : leaks) {
        if (counts(leak)) scope.leaks.push_back(&leak.leak);
    }
    return scope;
}

// Tests with a budget of their own answer to it alone; all the rest to the budget of the run.
std::vector<Scope> make_scopes(const std::vector<SampledLeak>& leaks, const TestBudgets& budgets,
                               const Owners& owners, const Budget& run, const Unseen& unseen) {
    std::vector<Scope> scopes;
    scopes.push_back(make_scope("run", leaks, unseen, [&budgets](const SampledLeak& leak) {
        return budgets.count(leak.owner) == 0;
    }));
    scopes.back().max_bytes = effective_limit(run.bytes, run.bytes_given, run.blocks_given);
    scopes.back().max_blocks = effective_limit(run.blocks, run.blocks_given, run.bytes_given);
    for (const auto& [owner, budget] : budgets) {
        const std::size_t test = owner;
        scopes.push_back(
            make_scope("test " + owners.all()[test].label, leaks, unseen,
                       [test](const SampledLeak& leak) { return leak.owner == test; }));
        scopes.back().max_bytes = budget.bytes;
        scopes.back().max_blocks = budget.blocks;
    }
    return scopes;
}

bool has_violation(const Verdict& verdict, const std::string& scope) {
    return std::any_of(verdict.violations.begin(), verdict.violations.end(),
                       [&scope](const Violation& violation) { return violation.scope == scope; });
}

void put_leaks(Report& report, std::vector<SampledLeak>&& leaks) {
    for (SampledLeak& leak : leaks) report.leaks.push_back(std::move(leak.leak));
}

}  // namespace

Report analyse(const Snapshot& snapshot, const RunFacts& facts, const AnalysisOptions& options,
               const SymbolizeFn& symbolize, const TestDefinitionFn& test_definition) {
    const Processes processes(snapshot);
    const Owners owners(snapshot);
    Stacks stacks(snapshot, symbolize);
    Outstanding outstanding = attribute(snapshot, processes, owners, options);
    set_aside_allocators_own(outstanding, stacks);
    const std::vector<Sample> allocations = sum_allocations(snapshot, owners);
    const Sample allocated = sum_all(allocations);
    const Unseen unseen = describe_unseen(snapshot.sampling, allocated);
    std::vector<SampledLeak> leaks =
        find_leaks(outstanding, processes, owners, stacks, unseen, FileGlobs(options.not_my_code));

    Report report = start_report(snapshot, facts, options);
    report.libc_blocks = outstanding.libc.blocks;
    report.libc_bytes = outstanding.libc.bytes;
    report.younger_blocks = outstanding.younger.blocks;
    report.younger_bytes = outstanding.younger.bytes;
    put_quantities(report, leaks, allocated, unseen);
    put_losses(report, snapshot, outstanding.lost);

    const TestBudgets budgets = find_test_budgets(snapshot, owners);
    report.verdict = judge(make_scopes(leaks, budgets, owners, options.budget, unseen),
                           report.losses, find_blind_spots(processes));
    const auto interrupted = interrupted_test(facts.child, processes, owners);
    if (interrupted && report.child.running_test.empty()) {
        report.child.running_test = owners.all()[*interrupted].label;
    }
    report.tests = make_test_results({owners, leaks, allocations, budgets, test_definition,
                                      interrupted, has_violation(report.verdict, "run"), unseen});
    report.suites = sum_by_suite(leaks, allocations, owners, unseen);
    report.sites = sum_by_site(leaks, unseen);
    put_leaks(report, std::move(leaks));
    report.stacks = summarise_stacks(snapshot, report.leaks);
    for (std::string& warning : find_warnings(snapshot, owners, report)) {
        report.warnings.push_back(std::move(warning));
    }
    report.exit_code = choose_exit_code(report.child, report.verdict.status, options);
    return report;
}

}  // namespace leakcheck
