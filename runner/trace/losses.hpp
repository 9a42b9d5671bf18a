// SPDX-License-Identifier: Apache-2.0
//
// What each kind of loss is called, what it means, and whether a leak may have been missed by it.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "abi/leakcheck_abi.h"
#include "analysis/snapshot.hpp"

namespace leakcheck {

// Every kind, in the order of the enum, with the counts that `count_of` gives.
std::vector<Loss> describe_losses(const std::function<std::uint64_t(leakcheck_loss)>& count_of);

}  // namespace leakcheck
