// SPDX-License-Identifier: Apache-2.0
//
// The folder that file names in reports are relative to. Thread safety: free function without
// state.
#pragma once

#include <filesystem>
#include <optional>

#include "runner/cli/outcome.hpp"

namespace leakcheck {

// `given` (relative to `working_directory`), else the nearest folder at or above
// `working_directory` that holds ".git" (a folder, or the file that submodules and work trees
// have), else `working_directory`. Absolute, symlinks resolved. Problem: `given` is not a folder
// that can be reached.
Outcome<std::filesystem::path> find_source_root(const std::optional<std::filesystem::path>& given,
                                                const std::filesystem::path& working_directory);

}  // namespace leakcheck
