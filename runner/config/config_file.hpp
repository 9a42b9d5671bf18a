// SPDX-License-Identifier: Apache-2.0
//
// leakcheck.json: every option of a run under its name with _ for -, "environments" with options for one
// environment each, and "budgets". docs/leakcheck.schema.json describes it. Thread safety: free functions without
// state.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/report.hpp"
#include "runner/cli/option_shape.hpp"
#include "runner/config/config_source.hpp"
#include "runner/config/fields.hpp"
#include "runner/config/settings.hpp"

namespace leakcheck {

struct ConfigFile {
    Layer options;
    std::map<std::string, Layer> environments;  // by name
    std::vector<BudgetRule> budgets;
};

// The options that have a key: all but those that say which file, --as-root, and --no-FLAG where FLAG has one. A
// file that comes with the sources must not give the command privileges that whoever started it has not asked for.
bool is_config_key(const std::string& option, const OptionShapes& shapes);

// "sample-rate" is "sample_rate".
std::string key_of(const std::string& option);

// Throws JsonError. Values are of the right type then; whether an option accepts them is not known yet.
ConfigFile read_config(const ConfigText& config, const OptionShapes& shapes);

}  // namespace leakcheck
