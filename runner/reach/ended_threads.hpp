// SPDX-License-Identifier: Apache-2.0
//
// glibc keeps the stacks of threads that have ended, mapped and with what they held, for threads to come. They are
// found by the struct pthread at their upper end, which nobody's thread pointer points to any more.
// What is left of them is nobody's, but for the result of a thread that may still be joined.
// Thread safety: free functions.
#pragma once

#include <cstdint>
#include <vector>

#include "runner/reach/address_ranges.hpp"
#include "runner/reach/memory.hpp"

namespace leakcheck::reach {

// `self_words`: addresses of words that hold their own address. `living`: the thread pointers of all threads.
AddressRanges ended_stacks(const std::vector<std::uint64_t>& self_words,
                           const std::vector<std::uint64_t>& living, const Memory& memory);

}  // namespace leakcheck::reach
