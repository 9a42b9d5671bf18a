// SPDX-License-Identifier: Apache-2.0
//
// What a step gives: its result, or the one line that tells the user what went wrong. The line
// names what, where and the mend; it has no "leakcheck: " in front and no line feed at its end.
#pragma once

#include <string>
#include <variant>

namespace leakcheck {

struct Problem {
    std::string message;
};

template <typename Result>
using Outcome = std::variant<Result, Problem>;

}  // namespace leakcheck
