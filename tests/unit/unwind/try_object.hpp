// SPDX-License-Identifier: Apache-2.0
//
// All that is done with an object that nobody has vouched for: table, unwind memory, walks. Used by
// the tests of broken objects and by the fuzzer. Aborts where a promise is broken.
#pragma once

#include <cstdint>
#include <string_view>

namespace leakcheck::test {

struct Tried {
    std::uint64_t rows = 0;
    std::uint64_t frames = 0;  // of all walks
};

// Reads the bytes as an ELF object in memory. Where its table lies in unwind memory, from where walks
// begin and what is on their stack is taken from the bytes too, so that a fuzzer can change it.
Tried try_object(std::string_view bytes);

}  // namespace leakcheck::test
