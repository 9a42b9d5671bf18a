// SPDX-License-Identifier: Apache-2.0
//
// The greeting between a new process image and the runner. It is said once, before the first
// allocation that is considered for tracing, or the first call of the in-test API; then the image
// waits until the runner has looked at what is mapped and placed its probes: bounded by
// LEAKCHECK_HELLO_TIMEOUT_MS, and not at all when nobody holds the lock on the control file. A
// forked child does not say it again; an image started by exec does, for its memory is new.
//
// Threads that come while another one waits, wait with it, so that what they allocate is counted. A
// signal handler that comes in the middle of its own thread's greeting goes on at once. System
// calls only: no heap, no locks, errno untouched.
#pragma once

#include "sampler/welcome.hpp"

namespace leakcheck::sampler {

void say_hello_once();

// Says hello for the calling process and waits for the answer; returns what the runner has given. For a forked
// child that wants a table of its own: once. The caller sets thread_state.greeting meanwhile.
Welcome greet();

}  // namespace leakcheck::sampler
