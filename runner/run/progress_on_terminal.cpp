// SPDX-License-Identifier: Apache-2.0
#include "runner/run/progress_on_terminal.hpp"

#include <unistd.h>

#include <iostream>

#include "runner/cli/environment.hpp"
#include "runner/cli/terminal.hpp"

namespace leakcheck {

std::unique_ptr<ProgressLine> progress_on_terminal(const Options& options,
                                                   std::chrono::milliseconds quiet) {
    const Stream stream = stream_of(STDERR_FILENO);
    if (!wants_progress(options.verbosity, stream, process_environment())) return nullptr;
    return std::make_unique<ProgressLine>(
        std::cerr, [] { return std::chrono::steady_clock::now(); },
        [] { return terminal_columns(STDERR_FILENO); }, quiet);
}

}  // namespace leakcheck
