// SPDX-License-Identifier: Apache-2.0
//
// Where leakcheck's own options end and the command begins. Options end at "--", or at the first
// argument that is neither an option nor the value of one. Private to the option parser. Thread
// safety: free function without state.
#pragma once

#include <CLI/App.hpp>
#include <span>
#include <string>
#include <vector>

#include "runner/cli/outcome.hpp"

namespace leakcheck {

enum class Separator { absent, present };

struct SplitArguments {
    std::vector<std::string> options;  // each "--name" or "--name=value", by the option's long name
    std::vector<std::string> withdrawn;  // FLAG of each "--no-FLAG" that is no option of its own
    std::vector<std::string> command;
    Separator separator = Separator::absent;  // whether "--" stands before the command
};

// `arguments` without the program's own name. Problem: an option that `app` does not know (with the
// nearest one it does), a missing value, a value where none is taken.
Outcome<SplitArguments> split_arguments(CLI::App& app, std::span<const std::string> arguments);

}  // namespace leakcheck
