// SPDX-License-Identifier: Apache-2.0
//
// Where an object keeps call frame information. Ownership: sections are views; their bytes belong to
// the object they were found in. Thread safety: none.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "runner/unwind/elf_image.hpp"
#include "runner/unwind/encoded_pointer.hpp"

namespace leakcheck::unwind {

struct FrameSection {
    enum class Format : std::uint8_t { EhFrame, DebugFrame };
    // A section that ends where the information does, or one whose end is not known: it ends with its
    // terminator, a word of 0, then.
    enum class End : std::uint8_t { Known, AtTerminator };

    std::string_view bytes;
    std::uint64_t address = 0;  // virtual, of the first byte
    Format format = Format::EhFrame;
    End end = End::Known;

    const std::uint8_t* data() const { return reinterpret_cast<const std::uint8_t*>(bytes.data()); }
    PointerBase pointer_base() const { return {data(), address, std::nullopt}; }
};

// .eh_frame, by the section headers, or else by PT_GNU_EH_FRAME.
std::optional<FrameSection> find_eh_frame(const ElfImage& image);

// .debug_frame, by the section headers. A compressed one is decompressed into libelf's own memory,
// unless it claims to be absurdly large.
std::optional<FrameSection> find_debug_frame(const ElfImage& image);

}  // namespace leakcheck::unwind
