// SPDX-License-Identifier: Apache-2.0
//
// Bytes as an ELF object: its table, the table in unwind memory, and walks by it.
#include <cstddef>
#include <cstdint>

#include "tests/unit/unwind/try_object.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    leakcheck::test::try_object({reinterpret_cast<const char*>(data), size});
    return 0;
}
