// SPDX-License-Identifier: Apache-2.0
//
// Which test is running, as far as the sampling decisions want to know it.
#pragma once

#include <cstdint>

namespace leakcheck::sampler {

struct RunningTest {
    std::uint32_t epoch;  // grows with every test that begins
    std::uint64_t seed;   // follows from the name of the test
};

[[gnu::always_inline]] inline RunningTest running_test() {
    return {0, 0};
}

}  // namespace leakcheck::sampler
