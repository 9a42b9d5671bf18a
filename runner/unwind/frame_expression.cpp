// SPDX-License-Identifier: Apache-2.0
#include "runner/unwind/frame_expression.hpp"

#include <dwarf.h>

#include <array>
#include <limits>
#include <optional>

namespace leakcheck::unwind {
namespace {

constexpr std::uint8_t kBregRbp = DW_OP_breg0 + kDwarfRbp;
constexpr std::uint8_t kBregRsp = DW_OP_breg0 + kDwarfRsp;
constexpr std::uint8_t kBregRip = DW_OP_breg0 + kDwarfReturnAddress;

// Whether the reader ended exactly here.
bool complete(const ByteReader& reader) {
    return reader.at_end() && !reader.failed();
}

template <std::size_t Count>
bool reads(ByteReader& reader, const std::array<std::uint8_t, Count>& wanted) {
    for (const std::uint8_t byte : wanted) {
        if (reader.byte() != byte) return false;
    }
    return !reader.failed();
}

std::optional<std::uint8_t> literal(std::uint8_t operation) {
    if (operation < DW_OP_lit0 || operation > DW_OP_lit31) return std::nullopt;
    return static_cast<std::uint8_t>(operation - DW_OP_lit0);
}

// What is added to a value that was read, if anything: the rest of the expression.
std::optional<std::uint8_t> read_addend(ByteReader& reader) {
    if (reader.at_end()) return 0;
    const std::uint8_t operation = reader.byte();
    if (operation == DW_OP_plus_uconst) {
        const std::uint64_t addend = reader.uleb();
        if (!complete(reader) || addend > std::numeric_limits<std::uint8_t>::max()) return {};
        return static_cast<std::uint8_t>(addend);
    }
    const std::optional<std::uint8_t> addend = literal(operation);
    if (!reads<1>(reader, {DW_OP_plus}) || !complete(reader)) return {};
    return addend;
}

// The number from which on, in a stub of 16 bytes, a word more is on the stack.
std::optional<std::uint8_t> read_plt_threshold(ByteReader& reader) {
    if (!reads<4>(reader, {kBregRip, 0, DW_OP_lit15, DW_OP_and})) return {};
    const std::optional<std::uint8_t> threshold = literal(reader.byte());
    if (!reads<4>(reader, {DW_OP_ge, DW_OP_lit3, DW_OP_shl, DW_OP_plus}) || !complete(reader))
        return {};
    return threshold;
}

CfaState meaning(std::uint8_t kind, std::int64_t offset, std::optional<std::uint8_t> addend) {
    CfaState state{.form = CfaState::Form::Expression};
    if (!addend) return state;
    state.meaning = kind;
    state.offset = offset;
    state.addend = *addend;
    return state;
}

}  // namespace

CfaState recognise_cfa(ByteReader expression) {
    const std::uint8_t base = expression.byte();
    const std::int64_t offset = expression.sleb();
    ByteReader rest = expression;
    if (base == kBregRsp) {
        if (const auto threshold = read_plt_threshold(rest))
            return meaning(LEAKCHECK_CFA_PLT, offset, threshold);
    }
    const bool derefs = (base == kBregRsp || base == kBregRbp) && expression.byte() == DW_OP_deref;
    return meaning(base == kBregRsp ? LEAKCHECK_CFA_DEREF_RSP : LEAKCHECK_CFA_DEREF_RBP, offset,
                   derefs ? read_addend(expression) : std::nullopt);
}

RegisterState recognise_place(ByteReader expression) {
    const std::uint8_t base = expression.byte();
    const std::int64_t offset = expression.sleb();
    if (!complete(expression)) return {RegisterState::Place::Elsewhere, 0};
    if (base == kBregRbp) return in_memory(RegisterState::Place::AtRbp, offset);
    if (base == kBregRsp) return in_memory(RegisterState::Place::AtRsp, offset);
    return {RegisterState::Place::Elsewhere, 0};
}

}  // namespace leakcheck::unwind
