// SPDX-License-Identifier: Apache-2.0
//
// Files that people write. Thread safety: free function; it reads files.
#pragma once

#include <filesystem>
#include <string>

#include "runner/cli/outcome.hpp"

namespace leakcheck {

// The whole of a file; `name` is what the user calls it.
Outcome<std::string> read_text_file(const std::filesystem::path& path, const std::string& name);

}  // namespace leakcheck
