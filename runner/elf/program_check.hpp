// SPDX-License-Identifier: Apache-2.0
//
// What can be told of a command before it runs: whether it can be run at all, and whether the sampler can
// work in it. Resolves the command as execvp does. Thread safety: free functions without state.
#pragma once

#include <filesystem>
#include <string>

namespace leakcheck {

enum class ProgramProblem {
    none,
    not_found,        // exit status 127
    not_executable,   // 126: no permission, a directory, or of no format that can be run
    // the rest: 125, since leakcheck cannot see into it
    static_program,   // no dynamic linker, so nothing can be preloaded
    privileged,       // setuid, setgid or file capabilities: the dynamic linker ignores LD_PRELOAD
    sanitizer,        // AddressSanitizer, ThreadSanitizer, MemorySanitizer or LeakSanitizer inside
    own_allocator,    // the program itself defines malloc, in front of any preloaded library
    other_libc,       // its dynamic linker is not glibc's (musl)
    other_machine,    // not x86-64 ELF
};

struct ProgramCheck {
    ProgramProblem problem = ProgramProblem::none;
    std::filesystem::path path;  // resolved; for a script, the script
    std::string message;         // what, where and the mend, one line; empty when there is no problem
    bool is_script = false;      // starts with #!; its interpreter was checked instead
};

// `command` as the user gave it; `search_path` is the value of PATH for the child; `uid`/`groups` of the
// child are not consulted beyond access(2) semantics of the caller unless it is root and the child is not.
ProgramCheck check_program(const std::string& command, const std::string& search_path);

}  // namespace leakcheck
