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

namespace leakcheck {

// Writes the files, the annotations (standard output) and the console report (standard error). Returns
// what could not be written, one line each; the other reports are written all the same.
std::vector<std::string> write_reports(const Report& report, const Options& options, const Identity& identity,
                                       const std::string& gtest_xml);

}  // namespace leakcheck
