// SPDX-License-Identifier: Apache-2.0
//
// What a GoogleTest program writes its results to, by GoogleTest's own rules (1.8 to 1.15;
// gtest.cc, UnitTestOptions::GetAbsolutePathToOutputFile and OutputFlagAlsoCheckEnvVar;
// gtest-filepath.cc, FilePath::GenerateUniqueFileName). Pure. Thread safety: free functions without
// state.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "runner/cli/environment.hpp"

namespace leakcheck {

enum class GtestFormat {
    none,  // an empty value: no output
    xml,
    json,
    other,  // GoogleTest warns and writes nothing
};

struct GtestOutput {
    GtestFormat format = GtestFormat::none;
    std::filesystem::path path;  // absolute; empty unless the format is xml or json
    bool is_directory =
        false;  // a file name not yet taken is formed in `path`: PROGRAM.xml, PROGRAM_1.xml
};

// The text of a flag file, or nullopt when it cannot be read.
using ReadTextFn = std::function<std::optional<std::string>(const std::filesystem::path&)>;

// What the user chose, or nullopt for no choice: the last --gtest_output of the arguments (those of
// a
// --gtest_flagfile included, where it stands), else GTEST_OUTPUT, else XML_OUTPUT_FILE. An empty
// GTEST_OUTPUT is no choice.
std::optional<GtestOutput> chosen_gtest_output(const std::vector<std::string>& command,
                                               const Environment& environment,
                                               const std::filesystem::path& working_directory,
                                               const ReadTextFn& read_flag_file);

// Whether GoogleTest forms this file name for this program in a directory: "NAME.xml",
// "NAME_7.xml".
bool is_gtest_file_name(const std::string& file_name, const std::string& program);

}  // namespace leakcheck
