// SPDX-License-Identifier: Apache-2.0
//
// Which live blocks count against the budget. The first rule that applies decides:
//
//   the in-test API recorded the block as a known leak                     known
//   its process belongs to a threadsafe death test                         death_test
//   its process had not ended                                              still_running
//   its process image was replaced by exec                                 replaced
//   its process died by a signal, or is a child that ended with a failure  abnormal_end
//   its kind is not one of --fail-on                                       kind
//   its kind is definite or indirect                                       none (it counts)
//   --gate-outside-tests, or it was allocated inside a test                none (it counts)
//   the program ran tests                                                  outside_tests
//   a budget was given for the run                                         none (it counts)
//   otherwise                                                              no_tests
//
// What nothing leads to any more is leaked whoever made it. Of the other kinds outside tests that is not
// known (of many it is known that they are not), so the rules of owners apply.
//
// The command's own failure status does not keep its leaks from counting: it decides the exit
// status anyway. Set-up and tear-down of suites and environments are outside tests. Thread safety:
// free functions without state.
#pragma once

#include "analysis/analysis.hpp"
#include "analysis/owners.hpp"
#include "analysis/processes.hpp"

namespace leakcheck {

struct GatingRules {
    bool gate_outside_tests = false;
    bool tests_ran = false;
    bool budget_given = false;
    LeakKinds fail_on = failing_by_default;
};

GatingRules gating_rules(const AnalysisOptions& options, const Owners& owners);

// What the rules ask of blocks.
struct BlockFacts {
    OwnerKind owner = OwnerKind::outside_tests;
    LeakKind kind = LeakKind::outstanding;
    bool is_known = false;  // recorded as a known leak
};

NotGated classify_blocks(const ProcessRecord& process, const Processes& processes,
                         const BlockFacts& blocks, const GatingRules& rules);

}  // namespace leakcheck
