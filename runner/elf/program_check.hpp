// SPDX-License-Identifier: Apache-2.0
//
// What can be told of a command before it runs: whether it can be run at all, and whether the sampler can
// work in it. Resolves the command as execvp does. Thread safety: free functions without state.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace leakcheck {

enum class ProgramProblem {
    none,
    not_found,       // exit status 127
    not_executable,  // 126: no permission, a directory, or of no format that can be run
    // the rest: 125, since leakcheck cannot see into it
    static_program,  // no dynamic linker, so nothing can be preloaded
    privileged,      // setuid, setgid or file capabilities: the dynamic linker ignores LD_PRELOAD
    sanitizer,       // AddressSanitizer, ThreadSanitizer, MemorySanitizer or LeakSanitizer inside
    own_allocator,   // the program itself defines malloc, in front of any preloaded library
    other_libc,      // its dynamic linker is not glibc's (musl)
    other_machine,   // not x86-64 ELF
    unreadable,      // may be run but not read: nothing can be told of it
};

struct ProgramCheck {
    ProgramProblem problem = ProgramProblem::none;
    std::filesystem::path path;  // resolved; for a script, the script
    std::string message;  // what, where and the mend, one line; empty when there is no problem
    bool is_script =
        false;  // text; its interpreter was checked instead (/bin/sh without a #! line)
};

// Who will run the program. Decides whether it may be executed and whether its setuid bits change anything.
struct ProgramUser {
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::vector<std::uint32_t> groups;  // supplementary
};

// `command` as the user gave it; `search_path` is the value of PATH for the child (an empty element is the
// working directory, as for execvp). `user`: who the child runs as where that is not the caller; the
// permission bits of the file are then judged for that user, otherwise as faccessat(2) does for the caller.
ProgramCheck check_program(const std::string& command, const std::string& search_path,
                           const std::optional<ProgramUser>& user = std::nullopt);

}  // namespace leakcheck
