// SPDX-License-Identifier: Apache-2.0
//
// Sizes as programs allocate them, to be sampled in tests of the estimates. Thread safety: free
// functions without state.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace leakcheck::test {

struct SizeMix {
    std::string name;
    std::function<std::uint64_t(std::mt19937_64&)> draw;  // the size of one block, in bytes
};

std::vector<SizeMix> size_mixes();

// The same blocks in every run of a program.
std::vector<std::uint64_t> make_sizes(const SizeMix& mix, std::size_t count);

}  // namespace leakcheck::test
