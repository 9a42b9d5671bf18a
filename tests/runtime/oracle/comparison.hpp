// SPDX-License-Identifier: Apache-2.0
//
// One stack by two unwinders: what to make of it. Pure. Thread safety: free functions without state.
#pragma once

#include <cstddef>
#include <string_view>

#include "analysis/snapshot.hpp"
#include "tests/runtime/oracle/libdw_unwinder.hpp"

namespace leakcheck::oracle {

enum class Verdict {
    identical,     // complete, and libdw's in full depth
    cut_at_depth,  // right as far as the depth limit lets it go; said to be truncated
    cut_early,     // right, but shorter than the limit asks for; said to be truncated
    guessed,       // said to be by frame pointers, or without a table
    missing,       // said to be missing
    unconfirmed,   // right as far as libdw could follow, which is not to the end
    different,     // wrong, or not what the status says
};

std::string_view word_for(Verdict verdict);
std::string_view word_for(StackStatus status);

struct Comparison {
    Verdict verdict = Verdict::different;
    std::size_t agreeing = 0;  // leading frames that are the same in both
};

// `recorded` is null where leakcheck kept no stack. `depth`: its limit, in frames. `actual` has up to
// depth + 1 frames.
Comparison compare(const StackRecord* recorded, const UnwoundStack& actual, std::size_t depth);

}  // namespace leakcheck::oracle
