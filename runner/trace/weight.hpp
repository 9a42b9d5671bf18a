// SPDX-License-Identifier: Apache-2.0
//
// Weights as the sampler tells them, in fixed point, and as the snapshot has them.
#pragma once

#include <cstdint>

#include "abi/leakcheck_abi.h"

namespace leakcheck {

constexpr double weight_of(std::uint64_t fixed_point) {
    return static_cast<double>(fixed_point) / static_cast<double>(LEAKCHECK_WEIGHT_ONE);
}

}  // namespace leakcheck
