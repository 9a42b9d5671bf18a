// SPDX-License-Identifier: Apache-2.0
//
// Blocks that are sampled with a probability each (adaptive), where the image has a table: a sample has
// a record there, under an account that holds its weight, and goes without a trap, as counted blocks do.
//
// Most blocks have no record, and to look for one would cost a cache miss, and a page of the table, for
// each of them. So samples are entered in the filter of the live blocks (live_table.hpp), by one count
// for each record: who frees a block asks there first, as for a traced one. A forked child inherits
// counts of records that it does not have; to look for these is in vain, and does no harm.
//
// Nothing here allocates, locks, prints or changes errno; thread-safe and async-signal-safe.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sampler/thread_state.hpp"

namespace leakcheck::sampler::counted {

// A new block, and the interposed function's frame. False: the process has no table, and nothing was done.
bool record_sample(ThreadState& thread, void* block, std::size_t size, const void* frame,
                   std::uint64_t weight);

// Of a block that the filter may hold: takes its record away and returns it; 0: it has none.
std::uint64_t take_sample(ThreadState& thread, const void* block);
// Undoes take_sample().
void put_sample_back(ThreadState& thread, const void* block, std::uint64_t record);

}  // namespace leakcheck::sampler::counted
