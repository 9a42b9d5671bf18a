// SPDX-License-Identifier: Apache-2.0
//
// What the sampler keeps for each thread. It lies in static TLS (initial-exec), so reaching it
// allocates nothing, and it stays valid until the thread's last instruction: allocations in the
// destructors of pthread keys and of thread_local objects find it as they left it. A forked child's
// thread inherits its parent's state, so that its serials go on where the parent's stopped. Signal
// safety: a handler that interrupts the sampler sees consistent values; at worst it repeats a
// random number.
#pragma once

#include <cstdint>

#include "abi/counted_table.h"

namespace leakcheck::sampler {

struct ThreadState {
    // Frame address of the outermost interposed function in progress, 0 when there is none. Calls
    // made further down its stack are the allocator's own business and are only forwarded.
    std::uintptr_t guard;
    std::uint64_t random;        // state of the generator of decisions
    std::uintptr_t first_frame;  // where the stack stood at the first allocation in this test
    std::uint32_t epoch;         // of the test for which the decisions were begun; 0: of none
    std::uint32_t rate;          // auto-rate: the one of the present gap
    // Units (sampling.hpp) until the next sample, for each stratum; the other modes use the first.
    std::uint64_t countdown[LEAKCHECK_MAX_STRATA];
    std::uint64_t serial;     // of the thread's last traced allocation: its ordinal << 40 | a count
    std::uint32_t untracked;  // depth of scopes in which nothing is traced
    std::uint16_t greeting;   // 1 while this thread says hello
    std::uint16_t resolving;  // 1 while this thread looks up a function of the next library
    std::uint32_t known_scopes;  // depth of scopes whose blocks are known leaks
    std::uint32_t moving;  // 1 while a block that is being reallocated is in no list of live blocks

    // Where blocks are counted.
    std::uint32_t process;     // for which the rest is valid: a forked child is another one
    std::uint64_t turn;        // of the image's cell, as last seen; 0: to be looked at anew
    std::uint64_t path_salt;   // for the keys of call paths
    std::uintptr_t stack_top;  // highest address known to belong to the thread's stack
    leakcheck_thread_total* total;
};

inline constexpr int thread_ordinal_shift = 40;  // leaves 2^40 allocations to each of 2^24 threads

[[gnu::tls_model("initial-exec")]] extern constinit thread_local ThreadState thread_state;

// Gives the thread its ordinal, if it has none yet.
void begin_serials(ThreadState& thread);
// The serial of the thread's next traced allocation.
std::uint64_t next_serial(ThreadState& thread);

// Nothing that the current thread allocates while this lives is traced.
class UntrackedScope {
  public:
    UntrackedScope() {
        ++thread_state.untracked;
        thread_state.turn = 0;
    }
    ~UntrackedScope() { --thread_state.untracked; }
    UntrackedScope(const UntrackedScope&) = delete;
    UntrackedScope& operator=(const UntrackedScope&) = delete;
};

}  // namespace leakcheck::sampler
