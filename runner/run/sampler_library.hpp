// SPDX-License-Identifier: Apache-2.0
//
// The sampler library: where it was installed, and the run's own copy of it with the run's configuration
// inside. Thread safety: free functions without state.
#pragma once

#include <filesystem>
#include <optional>

#include "runner/cli/options.hpp"

namespace leakcheck {

// Relative to this program: ../lib/leakcheck, or where the build was told to install libraries.
std::optional<std::filesystem::path> find_sampler_library();

// Throws TraceError naming what is wrong with the library or the copy.
void make_run_copy(const std::filesystem::path& library, const std::filesystem::path& copy,
                   const std::filesystem::path& control, const Options& options);

}  // namespace leakcheck
