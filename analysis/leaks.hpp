// SPDX-License-Identifier: Apache-2.0
//
// From live blocks to leaks: blocks are one leak when they agree in owner, in kind, in why they do
// not count (and in the reason of a known leak), in the program that allocated them and in their
// symbolized stack, and in how far that could be followed: what is cut before two stacks differ
// looks alike. Thread safety: free functions without state.
#pragma once

#include <string>
#include <vector>

#include "analysis/attribute.hpp"
#include "analysis/estimate.hpp"
#include "analysis/file_globs.hpp"
#include "analysis/stacks.hpp"

namespace leakcheck {

// A leak together with what sums over leaks need.
struct SampledLeak {
    Leak leak;
    Sample sample;
    std::size_t owner = 0;  // index into Owners::all()
    std::string family;     // equal for leaks that differ in kind alone; see identity.hpp
};

// Whether it counts against a budget.
inline bool is_gating(const SampledLeak& leak) {
    return leak.leak.not_gated == NotGated::none;
}

// Complete, with fingerprints, and in the report's order, whatever the order of the groups. `repetitions`: see
// AnalysisOptions.
std::vector<SampledLeak> find_leaks(const Outstanding& outstanding, const Processes& processes,
                                    const Owners& owners, Stacks& stacks, const Unseen& unseen,
                                    const FileGlobs& not_my_code, std::uint32_t repetitions = 1);

// Adds what was observed of a leak.
void add(LeakCount& count, const Leak& leak);

// Those that count first, those that are held last; of each the largest first.
void put_in_report_order(std::vector<SampledLeak>& leaks);

// The leak is this much, and nothing about it is estimated.
void set_certain_amount(SampledLeak& leak, const BlockSum& amount);

}  // namespace leakcheck
