// SPDX-License-Identifier: Apache-2.0
//
// Several leaks as one amount. Thread safety: a plain value.
#pragma once

#include <cstdint>

#include "analysis/report.hpp"

namespace leakcheck {

struct LeakSum {
    std::uint64_t leaks = 0;
    Quantity bytes;  // sums; the bounds are those of the worst case, so never too narrow
    Quantity blocks;

    void add(const Leak& leak);
};

}  // namespace leakcheck
