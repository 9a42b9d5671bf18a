// SPDX-License-Identifier: Apache-2.0
//
// One row of the table that call frame information describes (DWARF 5, section 6.4.1), reduced to the
// registers that a walk needs, with expressions already recognised for what they compute.
#pragma once

#include <cstdint>

#include "abi/unwind_tables.h"

namespace leakcheck::unwind {

// DWARF numbers of registers: System V ABI, AMD64 supplement, figure 3.36.
constexpr std::uint8_t kDwarfRbx = 3;
constexpr std::uint8_t kDwarfRbp = 6;
constexpr std::uint8_t kDwarfRsp = 7;
constexpr std::uint8_t kDwarfReturnAddress = 16;
constexpr std::uint8_t kDwarfOther = 0xff;  // stands for all numbers that do not fit

// How the canonical frame address (CFA) is computed.
struct CfaState {
    enum class Form : std::uint8_t {
        Undefined,   // not said, or said in a way that means nothing
        Register,    // reg + offset
        Expression,  // `meaning` with offset and addend, as in leakcheck_unwind_rule
    };
    Form form = Form::Undefined;
    std::uint8_t meaning = LEAKCHECK_CFA_UNSUPPORTED;  // enum leakcheck_cfa
    std::uint8_t addend = 0;
    std::uint8_t reg = 0;  // DWARF number
    std::int64_t offset = 0;

    bool operator==(const CfaState&) const = default;
};

// Where the caller's value of a register is.
struct RegisterState {
    enum class Place : std::uint8_t {
        Unspecified,
        Undefined,
        Same,
        AtCfa,  // in memory, as are the next two
        AtRbp,
        AtRsp,
        Elsewhere,  // told in a way that a table does not express
    };
    Place place = Place::Unspecified;
    std::int32_t offset = 0;  // bytes

    bool operator==(const RegisterState&) const = default;
};

// In memory at an offset; Elsewhere when the offset is absurd.
RegisterState in_memory(RegisterState::Place place, std::int64_t offset);

struct FrameState {
    CfaState cfa;
    RegisterState rbx;
    RegisterState rbp;
    RegisterState return_address;

    // Null for registers that are not tracked.
    RegisterState* find(std::uint64_t reg) { return find_in(*this, reg); }
    const RegisterState* find(std::uint64_t reg) const { return find_in(*this, reg); }

  private:
    template <typename State>
    static auto find_in(State& state, std::uint64_t reg) -> decltype(&state.rbx) {
        if (reg == kDwarfRbx) return &state.rbx;
        if (reg == kDwarfRbp) return &state.rbp;
        if (reg == kDwarfReturnAddress) return &state.return_address;
        return nullptr;
    }
};

enum class FrameKind : std::uint8_t { Ordinary, Signal };

// The row as the walk wants it.
leakcheck_unwind_rule compile_rule(const FrameState& state, FrameKind kind);

}  // namespace leakcheck::unwind
