// SPDX-License-Identifier: Apache-2.0
//
// The image's cell ("Cells" in abi/leakcheck_abi.h): what the BPF programs tell the process.
// System calls only: no heap, no locks, errno untouched; async-signal-safe and thread-safe.
#pragma once

#include <atomic>
#include <cstdint>

#include "abi/leakcheck_abi.h"
#include "sampler/welcome.hpp"

namespace leakcheck::sampler {

// Null where the image has none. A forked child has its parent's until it is welcomed itself.
[[gnu::visibility("hidden")]] extern constinit std::atomic<const volatile leakcheck_cell*>
    current_cell;

// Maps the cell that a welcome names.
void map_cell(const Welcome& welcome);

// Events to be fired again so far; 0 where there is no cell.
std::uint64_t requests_seen();
// Whether requests can be seen at all.
bool can_be_asked();
// Has the runner look at what is mapped now, and waits for it. Should it not answer, it is never asked
// again.
void tell_mapped();

}  // namespace leakcheck::sampler
