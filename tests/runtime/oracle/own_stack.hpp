// SPDX-License-Identifier: Apache-2.0
//
// Captures the calling thread as the oracle captures a traced one, for tests of what is made of it.
#pragma once

#include <ucontext.h>

#include <cstdint>
#include <vector>

#include "tests/runtime/oracle/event.hpp"

namespace leakcheck::oracle {

// The two views of one stack, taken at one place.
struct OwnStack {
    Event event;  // frame 0: to be unwound from its registers on
    // By libgcc's unwinder, which the C library's backtrace() is made of, innermost first: return addresses; of
    // interrupted code the address and 1. The first is the taker's own.
    std::vector<std::uint64_t> backtrace;
};

// `also`: a stack pointer into another stack that the frames lead to; 0: none.
OwnStack take_own_stack(std::uint64_t also = 0);

}  // namespace leakcheck::oracle
