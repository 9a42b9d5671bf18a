// SPDX-License-Identifier: Apache-2.0
//
// `leakcheck explain RESULT.json [LEAK]`: what keeps a leak, from the result file alone; without LEAK, the list of what
// may be asked about. Thread safety: free functions without state.
#pragma once

#include <ostream>

#include "runner/cli/options.hpp"

namespace leakcheck {

// Returns the exit status: 0, or 125 after one line on `err`.
int run_explain(const ExplainOptions& options, std::ostream& out, std::ostream& err);

}  // namespace leakcheck
