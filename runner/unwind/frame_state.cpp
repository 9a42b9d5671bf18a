// SPDX-License-Identifier: Apache-2.0
#include "runner/unwind/frame_state.hpp"

#include <limits>

#include "runner/unwind/rule_set.hpp"

namespace leakcheck::unwind {
namespace {

using Place = RegisterState::Place;

constexpr std::int32_t kReturnAddressAtCfa = -8;
// In struct sigcontext, from the interrupted code's rsp.
constexpr std::int32_t kSignalRip = 8;
constexpr std::int32_t kSignalRbx = -32;
constexpr std::int32_t kSignalRbp = -40;

bool fits(std::int64_t offset) {
    return offset >= std::numeric_limits<std::int32_t>::min() &&
           offset <= std::numeric_limits<std::int32_t>::max();
}

std::uint8_t cfa_kind(const CfaState& cfa) {
    if (!fits(cfa.offset) || cfa.form == CfaState::Form::Undefined)
        return LEAKCHECK_CFA_UNSUPPORTED;
    if (cfa.form == CfaState::Form::Expression) return cfa.meaning;
    switch (cfa.reg) {
        case kDwarfRsp:
            return LEAKCHECK_CFA_RSP;
        case kDwarfRbp:
            return LEAKCHECK_CFA_RBP;
        case kDwarfRbx:
            return LEAKCHECK_CFA_RBX;
        default:
            return LEAKCHECK_CFA_UNSUPPORTED;
    }
}

std::uint8_t register_kind(const RegisterState& state) {
    switch (state.place) {
        case Place::Unspecified:  // callee-saved registers are not touched then
        case Place::Same:
            return LEAKCHECK_REGISTER_SAME;
        case Place::AtCfa:
            return LEAKCHECK_REGISTER_AT_CFA;
        case Place::AtRbp:
            return LEAKCHECK_REGISTER_AT_RBP;
        default:
            return LEAKCHECK_REGISTER_UNKNOWN;
    }
}

void set_register(std::uint8_t& kind, std::int32_t& offset, const RegisterState& state) {
    kind = register_kind(state);
    const bool has_offset = kind == LEAKCHECK_REGISTER_AT_CFA || kind == LEAKCHECK_REGISTER_AT_RBP;
    if (has_offset) offset = state.offset;
}

bool is_at_rsp(const RegisterState& state, std::int64_t offset) {
    return state.place == Place::AtRsp && state.offset == offset;
}

// Only what the kernel lays down is expressed: all registers where struct sigcontext has them.
leakcheck_unwind_rule signal_rule(const FrameState& state) {
    const CfaState& cfa = state.cfa;
    const bool is_sigcontext = cfa_kind(cfa) == LEAKCHECK_CFA_DEREF_RSP && cfa.addend == 0 &&
                               is_at_rsp(state.return_address, cfa.offset + kSignalRip) &&
                               is_at_rsp(state.rbx, cfa.offset + kSignalRbx) &&
                               is_at_rsp(state.rbp, cfa.offset + kSignalRbp);
    if (!is_sigcontext) return plain_rule(LEAKCHECK_CFA_UNSUPPORTED);
    return plain_rule(LEAKCHECK_CFA_SIGNAL, static_cast<std::int32_t>(cfa.offset));
}

leakcheck_unwind_rule ordinary_rule(const FrameState& state) {
    const RegisterState& address = state.return_address;
    leakcheck_unwind_rule rule{};
    rule.cfa = cfa_kind(state.cfa);
    if (rule.cfa == LEAKCHECK_CFA_UNSUPPORTED || address.place != Place::AtCfa ||
        address.offset != kReturnAddressAtCfa) {
        return plain_rule(LEAKCHECK_CFA_UNSUPPORTED);
    }
    rule.cfa_addend = state.cfa.addend;
    rule.cfa_offset = static_cast<std::int32_t>(state.cfa.offset);
    set_register(rule.rbp, rule.rbp_offset, state.rbp);
    set_register(rule.rbx, rule.rbx_offset, state.rbx);
    return rule;
}

}  // namespace

RegisterState in_memory(Place place, std::int64_t offset) {
    if (!fits(offset)) return {Place::Elsewhere, 0};
    return {place, static_cast<std::int32_t>(offset)};
}

leakcheck_unwind_rule compile_rule(const FrameState& state, FrameKind kind) {
    if (state.return_address.place == Place::Undefined) return plain_rule(LEAKCHECK_CFA_END);
    return kind == FrameKind::Signal ? signal_rule(state) : ordinary_rule(state);
}

}  // namespace leakcheck::unwind
