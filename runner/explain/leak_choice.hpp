// SPDX-License-Identifier: Apache-2.0
//
// Which leak of a list somebody means: by its place in it, its fingerprint or the beginning of that, the test that owns
// it, or where it was allocated. Thread safety: free functions without state.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/report.hpp"

namespace leakcheck {

// Indices of the leaks that `wanted` may mean; what is tried first and fits decides:
//   - a number from 1 to the length of the list: that leak
//   - a fingerprint, or four or more of its first digits
//   - the name of a test or of another owner, as in the report
//   - the site: a function with or without parameters, "file:line", or "line" of a path's end ("queue.cpp:42")
std::vector<std::size_t> leaks_meant(const std::vector<Leak>& leaks, const std::string& wanted);

// "3  4.1 kB in 2 blocks  reachable  Suite.Test  src/queue.cpp:42  0123456789abcdef": one leak of a list.
std::string leak_line(const Leak& leak, std::size_t index);

}  // namespace leakcheck
