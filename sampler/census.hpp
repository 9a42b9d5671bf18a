// SPDX-License-Identifier: Apache-2.0
//
// The census: which live blocks does the C library itself keep until the process ends (stdio
// buffers, the TLS of cached thread stacks, locale and iconv data, the bookkeeping of dlopen, and
// libstdc++'s emergency pool)? They are not leaks. glibc's __libc_freeres and libstdc++'s
// __gnu_cxx::__freeres free exactly these, but they cannot run in the real process, whose last
// destructors still need them. So they run in a copy of it, made like a fork's child, in which
// freeing a traced block only fires leakcheck_probe_census(address); the copy starts with
// leakcheck_probe_census(0), by which it is known for what it is, and ends with
// leakcheck_probe_census_end(1).
//
// The real process must not notice:
//   - the copy has exit signal 0: no SIGCHLD, and no wait() sees it that does not ask for clones;
//   - it is made by a bare system call: no pthread_atfork handler runs;
//   - it closes all its files first, so that what stdio has buffered is not written twice;
//   - all signals are blocked in it, and in the calling thread meanwhile;
//   - it can leave no core file, and it dies with its parent;
//   - errno is kept, nothing is allocated.
// The process waits for it for ten seconds at most, which only a very busy machine comes to, half a
// second where other threads live: one of them may hold a lock of the C library for good, as far as
// the copy can see. A copy that does not end is
// killed, and leakcheck_probe_census_end(0) fired.
//
// There is no census in a vfork child, nor in a process that has come under seccomp since it
// started (its filter might kill it for making a copy), nor where nothing is live.
#pragma once

namespace leakcheck::sampler {

// At the end of the process, after everything that may still free; once, later calls do nothing.
void take_census();

// Remembers the state the process started in; called by the library's constructor.
void prepare_census();

}  // namespace leakcheck::sampler
