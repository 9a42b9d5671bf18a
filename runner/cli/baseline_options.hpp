// SPDX-License-Identifier: Apache-2.0
//
// The options of `leakcheck baseline`. Private to the option parser. Thread safety: free function without state.
#pragma once

#include <span>
#include <string>

#include "runner/cli/options.hpp"

namespace leakcheck {

// `arguments`: behind the word "baseline".
ParseResult parse_baseline(std::span<const std::string> arguments);

}  // namespace leakcheck
