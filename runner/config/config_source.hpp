// SPDX-License-Identifier: Apache-2.0
//
// Where the configuration comes from. Thread safety: free functions; they read files.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "runner/cli/outcome.hpp"

namespace leakcheck {

inline constexpr const char* config_file_name = "leakcheck.json";

struct ConfigText {
    std::filesystem::path path;  // absolute; paths in the file are relative to its folder
    std::string name;            // for messages
    std::string text;
};

// The file that was asked for, else the one that is found; nullopt where there is none.
using ConfigSource = std::function<Outcome<std::optional<ConfigText>>(
    const std::optional<std::filesystem::path>& asked_for)>;

// No file is looked for.
ConfigSource no_config_source();

// Files. What was not asked for is leakcheck.json in `working_directory` or, failing that, in the nearest folder
// above that has one, up to the top level of the git work tree. A result that --report-dir put under that name is
// passed over.
ConfigSource config_files(const std::filesystem::path& working_directory);

}  // namespace leakcheck
