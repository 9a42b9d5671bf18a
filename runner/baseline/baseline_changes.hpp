// SPDX-License-Identifier: Apache-2.0
//
// What the results of runs change in a baseline. Pure. Thread safety: free functions without state.
#pragma once

#include <cstddef>
#include <vector>

#include "runner/baseline/result_leaks.hpp"

namespace leakcheck {

enum class Intake { refused, allowed };

struct BaselineChange {
    std::vector<BaselineEntry> generated;  // the new list
    std::vector<BaselineEntry> fixed;  // taken out, or, of what is kept by hand, to be taken out
    std::vector<BaselineEntry> fresh;  // not in the baseline: taken in, or refused
    std::vector<BaselineEntry>
        grown;  // more than the baseline has: likewise; amounts of the results
    std::vector<BaselineEntry> smaller;  // less than the baseline had
};

// The leaks of all results, the largest amounts of each.
std::vector<BaselineEntry> join_leaks(const std::vector<ResultLeaks>& results);

// `entries`: of the whole file. Takes out what is fixed, lowers what has become less, and where growth is allowed takes
// in the rest.
BaselineChange update_baseline(const std::vector<BaselineEntry>& entries,
                               const std::vector<ResultLeaks>& results, Intake growth);

// Takes out what is fixed and changes nothing else.
BaselineChange prune_baseline(const std::vector<BaselineEntry>& entries,
                              const std::vector<ResultLeaks>& results);

}  // namespace leakcheck
