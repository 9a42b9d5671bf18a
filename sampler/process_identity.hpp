// SPDX-License-Identifier: Apache-2.0
//
// Whose memory is this? A child of vfork() runs in its parent's memory until it execs or exits, and
// must do nothing there on the process's behalf. Its pid differs from the one that the memory
// remembers, but so does a forked child's, which has a memory of its own. So the pid is kept in a
// page that the kernel wipes in a forked child (MADV_WIPEONFORK): wiped means forked, another pid
// means vfork. Lock-free and async-signal-safe.
#pragma once

namespace leakcheck::sampler {

// Remembers the calling process; once per process image, before owns_memory() is asked.
void remember_process();

// Whether the calling process is the one that this memory belongs to. False when it cannot be told.
bool owns_memory();

}  // namespace leakcheck::sampler
