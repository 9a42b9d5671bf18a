// SPDX-License-Identifier: Apache-2.0
//
// Lists of kinds, as --fail-on and --show take them. Thread safety: free function without state.
#pragma once

#include <string>

#include "analysis/leak_kinds.hpp"
#include "runner/cli/outcome.hpp"

namespace leakcheck {

// Names of kinds with commas between them, or "all" as one of them. Not an empty list.
Outcome<LeakKinds> parse_kinds(const std::string& text);

}  // namespace leakcheck
