// SPDX-License-Identifier: Apache-2.0
//
// Memory that the kernel wipes in a forked child (MADV_WIPEONFORK), by which a child can tell itself
// from its parent. A child that shares its parent's memory (vfork) sees it as it is.
#pragma once

#include <cstddef>

namespace leakcheck::sampler {

// Zeroed, page-aligned, never given back; takes memory when it is touched. Null where there is none,
// or where the kernel does not wipe. One system call or two; async-signal-safe and thread-safe.
void* map_wiped_memory(std::size_t size);

}  // namespace leakcheck::sampler
