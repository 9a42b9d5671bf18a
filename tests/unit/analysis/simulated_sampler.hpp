// SPDX-License-Identifier: Apache-2.0
//
// What the sampler would trace of a program that allocates blocks of given sizes in a row and leaks
// them all: decided by the sampler's own functions. Thread safety: none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/estimate.hpp"

namespace leakcheck::test {

using Sizes = std::vector<std::uint64_t>;

struct SimulatedMode {
    std::string name;
    std::size_t blocks = 0;  // of a program large enough to be estimated in this mode
    SamplingInfo sampling;
    Sample (*run)(const SamplingInfo& sampling, const Sizes& sizes) = nullptr;
};

// `mean_size`: bytes; the rates of modes that go by size follow from it.
std::vector<SimulatedMode> simulated_modes(double mean_size);

}  // namespace leakcheck::test
