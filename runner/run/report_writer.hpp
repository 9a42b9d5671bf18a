// SPDX-License-Identifier: Apache-2.0
//
// Renders a report in every format that was asked for and puts each where it belongs.
// Thread safety: free functions without state.
#pragma once

#include <string>
#include <vector>

#include "analysis/report.hpp"
#include "runner/cli/identity.hpp"
#include "runner/cli/options.hpp"
#include "runner/record/recording.hpp"

namespace leakcheck {

// What there is to write. Refers to its parts.
struct RunOutcome {
    const Report& report;
    const Recording& recording;      // empty unless one was asked for
    const std::string& gtest_xml;    // empty if GoogleTest wrote none
    const std::string& confirm_log;  // what the second run of tests printed
};

// Writes the files, the annotations (standard output) and the console report (standard error). Returns
// what could not be written, one line each; the other reports are written all the same.
std::vector<std::string> write_reports(const RunOutcome& outcome, const Options& options,
                                       const Identity& identity);

}  // namespace leakcheck
