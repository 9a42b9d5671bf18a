// SPDX-License-Identifier: Apache-2.0
//
// What is looked for in memory, and for how long. Plain values.
#pragma once

#include <functional>

#include "runner/reach/pointer_graph.hpp"

namespace leakcheck::reach {

// Interior pointers that count as start pointers: memcheck's --leak-check-heuristics, in which "newarray" covers
// "length64" where words have 64 bits. Definitions: block_scanner.cpp and vtables.hpp.
struct Heuristics {
    bool stdstring = true;            // to the characters of a std::string of the old ABI
    bool length64 = true;             // behind a word that says how many bytes follow
    bool newarray = true;             // behind a word that may be the number of a new[]'s elements
    bool multipleinheritance = true;  // to a vtable pointer in a block that begins with one
};

// Asked now and then from several threads: true when no time is left.
using OutOfTime = std::function<bool()>;

}  // namespace leakcheck::reach
