// SPDX-License-Identifier: Apache-2.0
//
// The options of a run, group by group. Private to the option parser.
// Thread safety: free function without state.
#pragma once

#include <CLI/App.hpp>

#include "runner/cli/option_shape.hpp"
#include "runner/cli/options.hpp"

namespace leakcheck {

// `options` outlives `app`, which fills it while parsing. `shapes` is told what each option takes.
void add_run_options(CLI::App& app, Options& options, OptionShapes& shapes);

}  // namespace leakcheck
