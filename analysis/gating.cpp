// SPDX-License-Identifier: Apache-2.0
#include "analysis/gating.hpp"

namespace leakcheck {
namespace {

// Why blocks of this process do not count whoever allocated them; `none` if they may.
NotGated classify_process(const ProcessRecord& process, const Processes& processes) {
    if (processes.in_death_test(process)) return NotGated::death_test;
    switch (process.end) {
        case ProcessEnd::running:
            return NotGated::still_running;
        case ProcessEnd::replaced:
            return NotGated::replaced;
        case ProcessEnd::signaled:
            return NotGated::abnormal_end;
        case ProcessEnd::exited:
            break;
    }
    const bool failed_child = !process.is_main && process.status != 0;
    return failed_child ? NotGated::abnormal_end : NotGated::none;
}

NotGated classify_owner(OwnerKind owner, const GatingRules& rules) {
    if (rules.gate_outside_tests || owner == OwnerKind::test) return NotGated::none;
    if (rules.tests_ran) return NotGated::outside_tests;
    return rules.budget_given ? NotGated::none : NotGated::no_tests;
}

}  // namespace

GatingRules gating_rules(const AnalysisOptions& options, const Owners& owners) {
    return {options.gate_outside_tests, !owners.tests().empty(),
            options.budget.bytes_given || options.budget.blocks_given, options.fail_on};
}

NotGated classify_blocks(const ProcessRecord& process, const Processes& processes,
                         const BlockFacts& blocks, const GatingRules& rules) {
    if (blocks.is_known) return NotGated::known;
    const NotGated by_process = classify_process(process, processes);
    if (by_process != NotGated::none) return by_process;
    if (!rules.fail_on.contains(blocks.kind)) return NotGated::kind;
    if (lost_kinds.contains(blocks.kind)) return NotGated::none;
    return classify_owner(blocks.owner, rules);
}

}  // namespace leakcheck
