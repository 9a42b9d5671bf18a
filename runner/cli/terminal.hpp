// SPDX-License-Identifier: Apache-2.0
//
// What depends on where leakcheck's own text goes. `stream` is that of standard error.
// Thread safety: free functions without state.
#pragma once

#include <cstddef>

#include "runner/cli/environment.hpp"
#include "runner/cli/options.hpp"

namespace leakcheck {

enum class Stream { terminal, other };

// What an open descriptor leads to.
Stream stream_of(int descriptor);

// The width of that terminal now; 80 where it does not say.
std::size_t terminal_columns(int descriptor);

// Automatic: on a terminal that is not "dumb", unless NO_COLOR is set and not empty (no-color.org).
bool wants_colour(ColourChoice choice, Stream stream, const Environment& environment);

// Automatic: where GITHUB_ACTIONS=true.
bool wants_github(GithubChoice choice, const Environment& environment);

// On a terminal that can erase a line, unless --quiet.
bool wants_progress(Verbosity verbosity, Stream stream, const Environment& environment);

}  // namespace leakcheck
