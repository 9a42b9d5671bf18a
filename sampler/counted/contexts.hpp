// SPDX-License-Identifier: Apache-2.0
//
// Contexts and accounts of the table: which context an allocation is of, and whether it is to be
// traced. Async-signal-safe and thread-safe.
#pragma once

#include <cstdint>

#include "abi/counted_table.h"
#include "sampler/counted/call_path.hpp"

namespace leakcheck::sampler::counted {

// The context that a path leads to, under an owner; `height`: of the frame on the stack, in bytes from a place
// that is the same for all allocations of a test. 0: there is no room.
std::uint32_t context_of(const CallPath& path, std::uint64_t caller, std::uint32_t owner,
                         std::uint64_t height);
// Whether allocations of the context are still to be traced, for its stack.
bool lacks_traces(std::uint32_t context, const CallPath& path);
// Counts the allocation among those that are. False: others were faster.
bool take_trace(std::uint32_t context, const CallPath& path);
// `weight`: of the blocks, as in leakcheck_account. 0: there is no room.
std::uint32_t account_of(std::uint32_t context, std::uint32_t owner, std::uint64_t weight);
// Adds a sampled block to what was allocated under its account.
void add_sample(std::uint32_t account, std::uint64_t size);

}  // namespace leakcheck::sampler::counted
