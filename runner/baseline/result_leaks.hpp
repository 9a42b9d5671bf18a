// SPDX-License-Identifier: Apache-2.0
//
// What a baseline takes from a result (--json): the leaks that count or are known, and whose leaks the run would have
// shown. Thread safety: a free function without state. Errors: Problem.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "analysis/report.hpp"
#include "runner/cli/outcome.hpp"

namespace leakcheck {

struct ResultLeaks {
    std::string program;                                  // name of the command
    std::vector<BaselineEntry> leaks;                     // as entries
    std::set<std::pair<std::string, std::string>> shown;  // owner and fingerprint of every leak
    std::set<std::string> covered;  // owners of which every leak is shown; none where the run was
                                    // sampled, broken off, or lost something
};

Outcome<ResultLeaks> read_result_leaks(const std::string& name, const std::string& text);

}  // namespace leakcheck
