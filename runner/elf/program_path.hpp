// SPDX-License-Identifier: Apache-2.0
//
// Which file a command names, found as execvp(3) does. Thread safety: free functions without state.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "runner/elf/program_check.hpp"

namespace leakcheck::elf {

// `problem` is none, not_found or not_executable; the message is complete but for none.
ProgramCheck resolve_program(const std::string& command, const std::string& search_path,
                             const std::optional<ProgramUser>& user);

// Whether a file can be executed at all; the same problems.
ProgramCheck check_executable(const std::filesystem::path& file,
                              const std::optional<ProgramUser>& user);

}  // namespace leakcheck::elf
