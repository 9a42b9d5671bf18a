// SPDX-License-Identifier: Apache-2.0
//
// `leakcheck [OPTIONS] -- COMMAND`: launch, trace, snapshot, attribute, symbolize, judge, render.
#pragma once

#include "runner/cli/options.hpp"

namespace leakcheck {

// Returns the exit status. Says on standard error what went wrong, one line each; throws nothing.
int run_command(const Options& options);

}  // namespace leakcheck
