// SPDX-License-Identifier: Apache-2.0
//
// Which outstanding blocks count against the budget. The first rule that applies decides:
//
//   the in-test API recorded the block as a known leak                     known
//   its process belongs to a threadsafe death test                         death_test
//   its process had not ended                                              still_running
//   its process image was replaced by exec                                 replaced
//   its process died by a signal, or is a child that ended with a failure  abnormal_end
//   --gate-outside-tests, or it was allocated inside a test                none (it counts)
//   the program ran tests                                                  outside_tests
//   a budget was given for the run                                         none (it counts)
//   otherwise                                                              no_tests
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
};

GatingRules gating_rules(const AnalysisOptions& options, const Owners& owners);

NotGated classify_blocks(const ProcessRecord& process, const Processes& processes, OwnerKind owner,
                         bool is_known, const GatingRules& rules);

}  // namespace leakcheck
