// SPDX-License-Identifier: Apache-2.0
//
// What marks a file as a recording.
#pragma once

namespace leakcheck {

inline constexpr const char* format_member = "format";
inline constexpr const char* format_name = "leakcheck recording";
inline constexpr const char* version_member = "version";
inline constexpr unsigned format_version = 4;

}  // namespace leakcheck
