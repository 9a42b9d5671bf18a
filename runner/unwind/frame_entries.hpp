// SPDX-License-Identifier: Apache-2.0
//
// The entries of a section of call frame information. A broken entry is left out; where its length
// is broken too, so are those behind it. Thread safety: none. Source of the format: DWARF 5, section
// 6.4.1, and Linux Standard Base Core 5.0, section 10.6.1 (.eh_frame).
#pragma once

#include <cstdint>
#include <vector>

#include "runner/unwind/frame_program.hpp"
#include "runner/unwind/frame_section.hpp"

namespace leakcheck::unwind {

// An FDE: a function, and how to find its callers.
struct FunctionEntry {
    CodeRange range;
    ByteReader program;
    std::uint32_t common;  // index into FrameEntries::commons
};

struct FrameEntries {
    std::vector<CommonInfo> commons;
    std::vector<FunctionEntry> functions;  // sorted by start; they may overlap
};

// Functions that begin outside of `code` are left out. `ident` is the e_ident of the object that has
// the section. The programs are views into the section.
FrameEntries read_frame_entries(const FrameSection& section, const unsigned char* ident,
                                const CodeRange& code);

}  // namespace leakcheck::unwind
