// SPDX-License-Identifier: Apache-2.0
//
// Globs over names of tests and functions, as fnmatch(3) has them: *, ? and [...]; a backslash takes the
// character behind it as it is. Unlike in globs over files (file_globs.hpp), * passes slashes, which names of
// parameterised tests have. Case counts. Thread safety: free functions without state.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace leakcheck {

bool matches_glob(const std::string& glob, std::string_view name);

// Why a glob can match nothing, as it stands after "the glob ..."; empty where it can.
std::string glob_fault(std::string_view glob);

// Characters that stand for themselves: the more, the fewer names match.
std::size_t count_literals(std::string_view glob);

}  // namespace leakcheck
