// SPDX-License-Identifier: Apache-2.0
//
// The known name that a mistyped one most likely meant. Thread safety: free function without state.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace leakcheck {

// By edit distance (insert, delete, change of one character); nullopt when none is near: more than
// a third of the name's characters, and more than two, would have to change. Ties go to the earlier
// in `known`.
std::optional<std::string> nearest_name(const std::string& name,
                                        const std::vector<std::string>& known);

}  // namespace leakcheck
