// SPDX-License-Identifier: Apache-2.0
//
// The words of leaks in JUnit XML. Sizes are bounded, so that the file stays below what readers
// take (GitLab: 30 MB). Thread safety: free functions without state.
#pragma once

#include <string>
#include <vector>

#include "analysis/report.hpp"

namespace leakcheck {

// "1024 bytes in 16 blocks at src/list.cpp:42".
std::string junit_message(const Leak& leak);

// The stack, a frame a line, and what else is to be said of the leak.
std::string junit_text(const Report& report, const Leak& leak);

// Of leaks that fail nothing: what each is, where, and why it does not count.
std::string junit_remarks(const Report& report, const std::vector<const Leak*>& leaks);

}  // namespace leakcheck
