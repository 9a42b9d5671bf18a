// SPDX-License-Identifier: Apache-2.0
//
// A rule for leaks that are known and do not count; suppressions.hpp applies it. Ownership: plain values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/leak_kinds.hpp"
#include "analysis/report.hpp"
#include "analysis/stack_patterns.hpp"

namespace leakcheck {

// All that is given has to match.
struct Suppression {
    SuppressionFacts facts;
    std::vector<TextTemplate> any_frame{};  // all of them match
    std::vector<FramePattern> innermost{};  // empty: any stack
    std::string tests{};                    // glob over owners' labels; empty: all
    std::optional<LeakKinds> kinds{};       // all where not given
};

}  // namespace leakcheck
