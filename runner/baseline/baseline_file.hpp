// SPDX-License-Identifier: Apache-2.0
//
// The file of a baseline: JSON with comments, two lists of known leaks. "kept" is written by hand and never touched;
// "generated" is written by `leakcheck baseline`, an entry a line, sorted by test and fingerprint, without lines or
// paths of a build, so that differences are small and branches merge. docs/baseline.schema.json describes it.
// Thread safety: free functions without state. Errors: Problem, with file, line and column.
#pragma once

#include <string>
#include <vector>

#include "analysis/report.hpp"
#include "runner/cli/outcome.hpp"
#include "runner/config/fields.hpp"

namespace leakcheck {

Outcome<std::vector<BaselineEntry>> read_baseline(const std::string& name, const std::string& text);

// A new file. `generated`: in any order.
std::string new_baseline(std::vector<BaselineEntry> generated);

// The text of a baseline with other generated entries. All else stays as it is, comments included.
Outcome<std::string> replace_generated(const std::string& name, const std::string& text,
                                       std::vector<BaselineEntry> generated);

JsonSchema baseline_schema();

}  // namespace leakcheck
