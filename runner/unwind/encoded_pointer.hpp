// SPDX-License-Identifier: Apache-2.0
//
// Pointers as call frame information holds them: in many sizes, relative to this and that. Source of
// the format: Linux Standard Base Core 5.0, section 10.5.1 (DW_EH_PE_*).
#pragma once

#include <cstdint>
#include <optional>

#include "runner/unwind/byte_reader.hpp"

namespace leakcheck::unwind {

// What pointers may be relative to.
struct PointerBase {
    const std::uint8_t* bytes = nullptr;  // a place in the section that is read,
    std::uint64_t address = 0;            // and the virtual address of this place
    std::optional<std::uint64_t> data;    // of data-relative pointers
};

// Nothing, and the reader anywhere, when the pointer cannot be told: an unknown encoding, an indirect
// pointer (its value is known to the running program alone), the end of the bytes.
std::optional<std::uint64_t> read_pointer(ByteReader& reader, std::uint8_t encoding,
                                          const PointerBase& base);

}  // namespace leakcheck::unwind
