// SPDX-License-Identifier: Apache-2.0
//
// The files that say which leaks are known: suppressions and the baseline. Thread safety: free functions; they read
// files. Errors: Problem, with file, line and column.
#pragma once

#include <filesystem>
#include <vector>

#include "analysis/baseline.hpp"
#include "analysis/suppression.hpp"
#include "runner/cli/options.hpp"
#include "runner/cli/outcome.hpp"

namespace leakcheck {

// The user's own first, then those that come with leakcheck.
Outcome<std::vector<Suppression>> load_suppressions(const Options& options,
                                                    const std::filesystem::path& working_directory);

// Of `options.baseline`, which is given.
Outcome<Baseline> load_baseline(const Options& options,
                                const std::filesystem::path& working_directory);

}  // namespace leakcheck
