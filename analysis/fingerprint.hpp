// SPDX-License-Identifier: Apache-2.0
//
// The fingerprint of a leak: 16 lower-case hexadecimal digits that stay the same from build to
// build, machine to machine and run to run as long as the leaking code does, so that baselines and
// code scanning recognise it. Thread safety: free functions without state.
//
// It is the 64-bit FNV-1a hash (G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake: "The FNV
// Non-Cryptographic Hash Algorithm", RFC 9923) of the owner's label and the names of the frames,
// each followed by a newline:
//   - a frame's name is stable_name() of its function, or its module's file name where it has none; of frames in
//     a row with one name, the first counts;
//   - addresses, lines, files and directories are left out;
//   - only frames between the allocation and GoogleTest's call of the test that are the user's own
//   or of
//     other libraries count: what the C and C++ libraries and GoogleTest put between changes with
//     their version and the optimiser. Where that leaves none, all frames count.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "analysis/report.hpp"

namespace leakcheck {

std::uint64_t fnv1a_64(std::string_view text);

std::string fingerprint_text(std::uint64_t hash);

// Hands out the fingerprints of one report. Distinct leaks may hash alike (two lines of one
// function leak the same way); the second such leak gets the hash with "\n#2" behind, the third
// "\n#3", and so on. Feed it leaks in an order that does not depend on addresses or time.
class FingerprintRegister {
  public:
    std::string add(const std::string& owner, const std::vector<Frame>& stack);

    // For leaks that have all but the kind in common with one of fingerprint `family`: the hash of that, a
    // line feed and the kind's name; where that is taken, with "\n#2" behind, and so on.
    std::string add_kind(const std::string& family, LeakKind kind);

  private:
    std::string add_text(const std::string& text);

    std::unordered_set<std::uint64_t> taken_;
};

}  // namespace leakcheck
