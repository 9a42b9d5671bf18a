// SPDX-License-Identifier: Apache-2.0
//
// Whether running a file changes privileges, so that the kernel sets AT_SECURE and the dynamic
// linker ignores LD_PRELOAD. Source: capabilities(7), execve(2); cap_bprm_creds_from_file() in
// Linux. Thread safety: free functions without state. Errors: what cannot be found out counts as
// absent.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "runner/elf/program_check.hpp"

namespace leakcheck::elf {

// The caller's real user and groups, or `user` when given.
ProgramUser user_or_caller(const std::optional<ProgramUser>& user);

// What makes running the file privileged for this user: "setuid", "setgid", "file capabilities";
// empty if nothing does.
std::string privilege_of(const std::filesystem::path& file, const ProgramUser& user);

// Whether the user may execute (read) a file: faccessat(2) for the caller, its mode bits for
// another.
enum class Access { read, execute };
bool has_access(const std::filesystem::path& file, Access access,
                const std::optional<ProgramUser>& user);

}  // namespace leakcheck::elf
