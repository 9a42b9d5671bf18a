// SPDX-License-Identifier: Apache-2.0
//
// Options from several sources. Each source is a layer of settings, and a later layer wins: what it says takes the
// place of what earlier ones say about the same option, and about those that exclude it. An option that may be given
// several times is replaced as a whole. Thread safety: free functions without state.
#pragma once

#include <CLI/App.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "runner/cli/arguments.hpp"

namespace leakcheck {

// One option in one layer.
struct Setting {
    std::string option;  // long name, without dashes
    std::vector<std::string>
        arguments;           // "--option=value"; none: the option is not given, whatever
                             // earlier layers say
    std::string key{};       // in the configuration file
    std::size_t offset = 0;  // of its value there
};

using Layer = std::vector<Setting>;

Layer layer_of(const SplitArguments& split);

// The arguments of what is left when all layers have had their say. `app` has all the options.
std::vector<std::string> merge_layers(CLI::App& app, const std::vector<Layer>& earliest_first);

// Whether the parser refuses to have both.
bool exclude_each_other(CLI::App& app, const std::string& option, const std::string& other);

}  // namespace leakcheck
