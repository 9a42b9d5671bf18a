// SPDX-License-Identifier: Apache-2.0
//
// From the command line, the configuration file and the environment to the options of a run. From weakest to
// strongest: the defaults of --environment; the file; what the file says for that environment; the command line.
// Thread safety: free function without state.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runner/cli/arguments.hpp"
#include "runner/cli/options.hpp"
#include "runner/cli/outcome.hpp"
#include "runner/config/config_source.hpp"

namespace leakcheck {

struct Configured {
    std::vector<std::string> arguments;  // for the parser of a run's options
    std::filesystem::path config_path;   // empty: no file
    std::string config_name;
    std::vector<BudgetRule> budgets;
};

// `given`: what the command line says by itself, `split` how it says it. Problem: a file that cannot be read, or
// says something that is not accepted, with line and column.
Outcome<Configured> configure(const Options& given, const SplitArguments& split,
                              const ConfigSource& source);

}  // namespace leakcheck
