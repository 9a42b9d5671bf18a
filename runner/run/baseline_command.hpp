// SPDX-License-Identifier: Apache-2.0
//
// `leakcheck baseline create|update|show|prune`.
#pragma once

#include "runner/cli/options.hpp"

namespace leakcheck {

// Returns the exit status: 0, or 125 where a file cannot be read or written. Tells what it did on standard
// output, what went wrong on standard error; throws nothing.
int run_baseline(const BaselineOptions& options);

}  // namespace leakcheck
