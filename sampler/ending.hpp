// SPDX-License-Identifier: Apache-2.0
//
// The end of a process, seen from inside: it waits until the runner has looked at what its memory points to, which
// tells leaked blocks from those that are merely still in use. The runner stops the process for that, but
// other threads may go on until then and after it.
// System calls only: no heap, no locks, errno untouched.
#pragma once

namespace leakcheck::sampler {

// To be called when everything that frees has run; once, later calls do nothing. Not in a vfork child, whose
// memory is its parent's, and not where no block is live. Waits LEAKCHECK_ENDING_TIMEOUT_MS at most, and not
// for a runner that is gone.
// `stack`: where the caller's own part of the stack begins, in which it has put its callers' registers.
// What is below it is not looked at: the sampler's frames may have left-overs of the program in them.
void show_ending(const void* stack);

}  // namespace leakcheck::sampler
