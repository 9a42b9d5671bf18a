// SPDX-License-Identifier: Apache-2.0
//
// The progress line on standard error. Thread safety: none.
#pragma once

#include <chrono>
#include <memory>

#include "runner/cli/options.hpp"
#include "runner/cli/progress.hpp"

namespace leakcheck {

// Null where none is to be shown: standard error is no terminal, or the user wants none. Nothing is shown
// within the first `quiet`.
std::unique_ptr<ProgressLine> progress_on_terminal(const Options& options,
                                                   std::chrono::milliseconds quiet);

}  // namespace leakcheck
