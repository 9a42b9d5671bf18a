// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/ended_threads.hpp"

#include <algorithm>

#include "runner/reach/glibc_threads.hpp"

namespace leakcheck::reach {

AddressRanges ended_stacks(const std::vector<std::uint64_t>& self_words,
                           const std::vector<std::uint64_t>& living, const Memory& memory) {
    AddressRanges stacks;
    for (const std::uint64_t address : self_words) {
        if (std::find(living.begin(), living.end(), address) != living.end()) continue;
        const auto stack = thread_stack(address, memory);
        if (!stack) continue;
        stacks.push_back({stack->start, was_joined(address, memory) ? stack->end : address});
    }
    return normalized(std::move(stacks));
}

}  // namespace leakcheck::reach
