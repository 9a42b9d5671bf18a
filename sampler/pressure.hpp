// SPDX-License-Identifier: Apache-2.0
//
// How much less the sampler is to trace than it would, for the sake of its cost ("Pressure" in
// abi/leakcheck_abi.h). Async-signal-safe and thread-safe.
#pragma once

#include <cstdint>

#include "sampler/thread_state.hpp"

namespace leakcheck::sampler {

// Decides, with a probability of 2^-pressure, that something is to be traced nevertheless, and returns
// the factor by which that raises its weight; 0: it is not to be traced.
std::uint64_t draw_under_pressure(ThreadState& thread);

}  // namespace leakcheck::sampler
