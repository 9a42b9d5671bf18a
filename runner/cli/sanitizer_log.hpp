// SPDX-License-Identifier: Apache-2.0
//
// Where LeakSanitizer would write its report. `ctest -T memcheck` of type LeakSanitizer cannot be given another
// checker: it says by LSAN_OPTIONS where it looks for one's report. The syntax is that of compiler-rt
// (lib/sanitizer_common/sanitizer_flag_parser.cpp): name=value, separated by blanks, commas or colons, the
// value perhaps in quotes; the last of a name counts. Pure. Thread safety: free function without state.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>

#include "runner/cli/environment.hpp"

namespace leakcheck {

// What names that file in messages.
inline constexpr const char* sanitizer_log_option = "LSAN_OPTIONS log_path";

// "log_path.PID", as LeakSanitizer names it; nullopt where it is not set or is stdout or stderr.
std::optional<std::filesystem::path> sanitizer_log(const Environment& environment, pid_t process);

}  // namespace leakcheck
