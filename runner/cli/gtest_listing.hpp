// SPDX-License-Identifier: Apache-2.0
//
// Whether a command only lists its tests, as gtest_discover_tests has it done through whatever runs the tests
// (CROSSCOMPILING_EMULATOR, TEST_LAUNCHER). Pure. Thread safety: a free function without state.
#pragma once

#include <string>
#include <vector>

namespace leakcheck {

// By the last --gtest_list_tests, with GoogleTest's rule for flags of yes and no (gtest.cc, ParseFlag): what
// begins with 0, f or F is no.
bool lists_gtest_tests(const std::vector<std::string>& command);

}  // namespace leakcheck
