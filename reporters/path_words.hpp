// SPDX-License-Identifier: Apache-2.0
//
// How reports for people tell what keeps a leak. Text that came from the program is on one harmless line. Thread
// safety: free functions without state.
#pragma once

#include <string>

#include "analysis/report.hpp"

namespace leakcheck {

// "registry()::cache+16 (std::map<int, Item>)", "the stack of thread 4711".
std::string root_words(const HoldingRoot& root);

// "72 bytes from Registry::add(int) at src/registry.cpp:31".
std::string holder_words(const Holder& holder);

// What keeps the leak, on one line: "kept by registry()::cache+16 (std::map<int, Item>), through 2 blocks". Empty
// where nothing is known.
std::string held_by_words(const HeldBy& held_by);

}  // namespace leakcheck
