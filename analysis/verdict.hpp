// SPDX-License-Identifier: Apache-2.0
//
// Pass, fail or inconclusive, and the exit status that says so. Thread safety: free functions
// without state.
//
// Each scope (see scopes.hpp) is judged by bytes and by blocks:
//
//   observed > budget                  fail: what was seen is certain, sampled or not
//   observed = 0                       pass: nothing suspicious was seen; a sampled run states in a
//   warning
//                                      how much it may have missed
//   upper bound <= budget              pass
//   otherwise                          inconclusive: more than allowed may have leaked
//
// Where everything was traced the upper bound is the observed number, so nothing is left
// inconclusive. One failing scope fails the run. A pass becomes inconclusive, never a failure, when
// leaks may have been missed: by a loss that harms the verdict, or because the command could not be
// traced at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/analysis.hpp"

namespace leakcheck {

// What is judged as a whole.
struct Scope {
    std::string name;                 // "run", "test Suite.Test", "site FILE:LINE"
    std::optional<std::size_t> rule;  // index into AnalysisOptions::budget_rules, where one applies
    std::string rule_name;
    std::uint64_t max_bytes = 0;  // UINT64_MAX: no limit
    std::uint64_t max_blocks = 0;
    Quantity bytes;  // of the leaks below
    Quantity blocks;
    std::vector<const Leak*> leaks;  // those that count
};

// One measure is within its budget beyond doubt: nothing was observed, or the upper bound is allowed.
bool is_within(const Quantity& quantity, std::uint64_t budget);

// More was observed than is allowed.
bool is_exceeded(const Scope& scope);

// `blind_spots`: sentences on what could not be traced at all; losses that do not harm are ignored.
Verdict judge(const std::vector<Scope>& scopes, const std::vector<Loss>& losses,
              const std::vector<std::string>& blind_spots);

// The status of the command as a shell tells it: its exit code, or 128+N for signal N.
int command_status(const ChildResult& child);

// The command's own status if it is not 0 (128+N for a signal), else that of the verdict.
int choose_exit_code(const ChildResult& child, VerdictStatus verdict,
                     const AnalysisOptions& options);

}  // namespace leakcheck
