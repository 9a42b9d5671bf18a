// SPDX-License-Identifier: Apache-2.0
//
// What pointers say of a block that is still live: the kinds of valgrind's memcheck (its manual, "Memory leak
// detection"), under the same names. A *start pointer* is a word that holds the block's address, an *interior
// pointer* one that holds an address inside of it.
#pragma once

#include <cstdint>

namespace leakcheck {

enum class LeakKind : std::uint8_t {
    definite,      // no pointer leads to it: nobody can free it any more
    indirect,      // only leaked blocks point to it; it goes with the definite one they hang on
    possible,      // reached, but each chain of pointers to it has an interior pointer
    reachable,     // a chain of start pointers leads to it from where the program keeps its data
    unclassified,  // not known: no time was left, or memory could not be read
};

}  // namespace leakcheck
