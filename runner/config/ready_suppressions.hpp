// SPDX-License-Identifier: Apache-2.0
//
// The suppressions that come with leakcheck (--default-suppressions): what widely used libraries allocate once and keep
// until the process ends, whichever test happens to come first. They take no block that nothing leads to: that
// is lost, whoever made it. Thread safety: a free function without state.
#pragma once

#include <vector>

#include "analysis/suppressions.hpp"

namespace leakcheck {

std::vector<Suppression> ready_suppressions();

}  // namespace leakcheck
