// SPDX-License-Identifier: Apache-2.0
//
// Which leaks are the same from run to run. Thread safety: free function without state.
//
// Leaks that agree in all but their kind are a *family*: what one line allocates is found to be of one kind
// in this run and of another in the next, as memory happens to lie, and of none without --check. So the
// family has the fingerprint of owner and stack (fingerprint.hpp), and it falls to
//
//   the surest of its leaks    definite, else indirect, unclassified or outstanding. One of these is always
//                              there as long as the code leaks, so that a leak keeps its fingerprint
//                              whether pointers were looked at or not
//   none, where all are held   possible, reachable and referenced blocks are listed, not counted. Had they
//                              the plain fingerprint, a baseline that lists them would hide a leak that the
//                              same line makes later
//
// The others have the kind's name hashed in, so that no two leaks of a run share a fingerprint.
#pragma once

#include <vector>

#include "analysis/leaks.hpp"

namespace leakcheck {

// Sets the fingerprint and the family of each leak, whatever their order. Leaves them ordered by what they
// are.
void identify(std::vector<SampledLeak>& leaks);

}  // namespace leakcheck
