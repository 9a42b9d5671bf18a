// SPDX-License-Identifier: Apache-2.0
//
// Leaks that are known from earlier runs. Ownership: plain values.
#pragma once

#include <string>
#include <vector>

#include "analysis/report.hpp"

namespace leakcheck {

struct Baseline {
    std::string file;
    std::vector<BaselineEntry> entries;
    bool ratchet = false;  // entries whose leaks are gone fail the run
};

}  // namespace leakcheck
