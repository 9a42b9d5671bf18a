// SPDX-License-Identifier: Apache-2.0
//
// What pointers say of a block that outlives its test: the kinds of valgrind's memcheck (its manual, "Memory leak
// detection"), under the same names. A *start pointer* is a word that holds the block's address, an *interior
// pointer* one that holds an address inside of it.
#pragma once

#include <cstdint>

namespace leakcheck {

enum class LeakKind : std::uint8_t {
    definite,       // no pointer leads to it: nobody can free it any more
    indirect,       // only leaked blocks point to it; it goes with the definite one they hang on
    possible,       // reached, but each chain of pointers to it has an interior pointer
    reachable,      // a chain of start pointers leads to it from where the program keeps its data
    referenced,     // some word of memory points to it; what that word itself hangs on is not known
    unclassified,   // pointers were to be looked at and could not be: no time, or unreadable memory
    outstanding,    // pointers were not looked at
    released_late,  // not live any more: freed, but only after the test that had made it
};

}  // namespace leakcheck
