// SPDX-License-Identifier: Apache-2.0
//
// Which leakcheck this is. Thread safety: free functions without state.
#pragma once

#include <string>

namespace leakcheck {

// "0.1.0"
std::string tool_version();

// What --version prints: "leakcheck 0.1.0\n".
std::string version_line();

// What --version --verbose prints below it first, one "name: value" a line: how this program was built.
std::string build_facts();

}  // namespace leakcheck
