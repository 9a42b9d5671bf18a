// SPDX-License-Identifier: Apache-2.0
//
// The DWARF expressions that compilers and linkers really put into call frame information, told from
// all others. Source of the operations: DWARF 5, section 7.7.1.
#pragma once

#include "runner/unwind/byte_reader.hpp"
#include "runner/unwind/frame_state.hpp"

namespace leakcheck::unwind {

// Of a canonical frame address:
//   [rsp or rbp + offset; deref; plus n]   frames that re-align the stack, and signal frames
//   rsp + offset + ((rip & 15) >= n) * 8   the procedure linkage table (linkers)
// Anything else is LEAKCHECK_CFA_UNSUPPORTED.
CfaState recognise_cfa(ByteReader expression);

// Of the place where a register was saved: rbp or rsp + offset. Anything else is Elsewhere.
RegisterState recognise_place(ByteReader expression);

}  // namespace leakcheck::unwind
