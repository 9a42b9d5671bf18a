// SPDX-License-Identifier: Apache-2.0
//
// What a leak does from one repetition of its test to the next, in one process. Units: blocks and bytes.
// Thread safety: a plain value.
#pragma once

#include <cstdint>
#include <map>

#include "analysis/attribute.hpp"
#include "analysis/report.hpp"
#include "analysis/snapshot.hpp"

namespace leakcheck {

class RepetitionTally {
  public:
    // `repetition` counts from 1.
    void add(std::uint32_t repetition, const BlockSum& leaked);

    // The most that one repetition leaked, in blocks and in bytes.
    BlockSum worst() const;
    // Of `repetitions` that were made, at least 2. The first is left out of the means: it may have
    // initialised something on top of what every repetition leaks.
    Repetition describe(std::uint32_t repetitions) const;

  private:
    std::map<std::uint32_t, BlockSum> sums_;  // by repetition
};

// Whether all that is left of tests is known by repetition.
bool repetitions_are_told_apart(const Snapshot& snapshot);

}  // namespace leakcheck
