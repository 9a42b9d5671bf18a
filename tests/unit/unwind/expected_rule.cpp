// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/unwind/expected_rule.hpp"

#include <dwarf.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <span>

namespace leakcheck::test {
namespace {

constexpr int kRbx = 3;
constexpr int kRbp = 6;
constexpr int kRsp = 7;
constexpr int kRip = 16;

using Operations = std::span<const Dwarf_Op>;

struct FreeFrame {
    void operator()(Dwarf_Frame* frame) const { std::free(frame); }
};
using Frame = std::unique_ptr<Dwarf_Frame, FreeFrame>;

leakcheck_unwind_rule only(leakcheck_cfa cfa) {
    leakcheck_unwind_rule rule{};
    rule.cfa = static_cast<std::uint8_t>(cfa);
    return rule;
}

bool is(const Dwarf_Op& operation, int atom) {
    return operation.atom == atom;
}

// Of a register: where libdw says that its caller's value is.
struct Location {
    enum Kind { Same, Undefined, InMemory, Other } kind = Other;
    int base = -1;  // DWARF number; -1: the CFA
    std::int64_t offset = 0;
};

Location in_memory(Operations operations) {
    // Either CFA [plus], or an expression, before which libdw pushes the CFA.
    if (operations.empty() || !is(operations[0], DW_OP_call_frame_cfa)) return {};
    if (operations.size() == 1) return {Location::InMemory, -1, 0};
    const Dwarf_Op& last = operations[1];
    if (operations.size() != 2) return {};
    if (is(last, DW_OP_plus_uconst))
        return {Location::InMemory, -1, static_cast<std::int64_t>(last.number)};
    if (last.atom < DW_OP_breg0 || last.atom > DW_OP_breg31) return {};
    return {Location::InMemory, last.atom - DW_OP_breg0, static_cast<std::int64_t>(last.number)};
}

Location location_of(Dwarf_Frame* frame, int reg) {
    std::array<Dwarf_Op, 3> memory{};
    Dwarf_Op* operations = nullptr;
    std::size_t count = 0;
    if (dwarf_frame_register(frame, reg, memory.data(), &operations, &count) != 0) return {};
    if (count == 0 && operations == nullptr) return {Location::Same};
    if (count == 0) return {Location::Undefined};
    return in_memory({operations, count});
}

template <std::size_t Count>
bool are(Operations operations, const std::array<int, Count>& atoms) {
    if (operations.size() != Count) return false;
    for (std::size_t i = 0; i < Count; ++i) {
        if (atoms[i] >= 0 && operations[i].atom != atoms[i]) return false;
    }
    return true;
}

bool is_literal(const Dwarf_Op& operation) {
    return operation.atom >= DW_OP_lit0 && operation.atom <= DW_OP_lit31;
}

std::optional<leakcheck_unwind_rule> plt(Operations operations) {
    constexpr std::array<int, 9> atoms{DW_OP_breg7, DW_OP_breg16, DW_OP_lit15, DW_OP_and, -1,
                                       DW_OP_ge,    DW_OP_lit3,   DW_OP_shl,   DW_OP_plus};
    if (!are(operations, atoms) || !is_literal(operations[4]) || operations[1].number != 0)
        return std::nullopt;
    leakcheck_unwind_rule rule = only(LEAKCHECK_CFA_PLT);
    rule.cfa_offset = static_cast<std::int32_t>(operations[0].number);
    rule.cfa_addend = static_cast<std::uint8_t>(operations[4].atom - DW_OP_lit0);
    return rule;
}

std::optional<std::uint64_t> addend(Operations rest) {
    if (rest.empty()) return 0;
    if (rest.size() == 1 && rest[0].atom == DW_OP_plus_uconst) return rest[0].number;
    if (rest.size() == 2 && is_literal(rest[0]) && rest[1].atom == DW_OP_plus)
        return rest[0].atom - DW_OP_lit0;
    return std::nullopt;
}

std::optional<leakcheck_unwind_rule> dereferenced(Operations operations) {
    if (operations.size() < 2 || operations[1].atom != DW_OP_deref) return std::nullopt;
    const int base = operations[0].atom - DW_OP_breg0;
    const auto added = addend(operations.subspan(2));
    if ((base != kRsp && base != kRbp) || !added || *added > 255) return std::nullopt;
    leakcheck_unwind_rule rule =
        only(base == kRsp ? LEAKCHECK_CFA_DEREF_RSP : LEAKCHECK_CFA_DEREF_RBP);
    rule.cfa_offset = static_cast<std::int32_t>(operations[0].number);
    rule.cfa_addend = static_cast<std::uint8_t>(*added);
    return rule;
}

std::optional<leakcheck_unwind_rule> register_and_offset(Operations operations) {
    if (operations.size() != 1 || operations[0].atom != DW_OP_bregx) return std::nullopt;
    leakcheck_unwind_rule rule{};
    switch (operations[0].number) {
        case kRsp:
            rule.cfa = LEAKCHECK_CFA_RSP;
            break;
        case kRbp:
            rule.cfa = LEAKCHECK_CFA_RBP;
            break;
        case kRbx:
            rule.cfa = LEAKCHECK_CFA_RBX;
            break;
        default:
            return std::nullopt;
    }
    rule.cfa_offset = static_cast<std::int32_t>(operations[0].number2);
    return rule;
}

leakcheck_unwind_rule cfa_of(Dwarf_Frame* frame) {
    Dwarf_Op* operations = nullptr;
    std::size_t count = 0;
    if (dwarf_frame_cfa(frame, &operations, &count) != 0 || count == 0)
        return only(LEAKCHECK_CFA_UNSUPPORTED);
    const Operations all(operations, count);
    if (const auto rule = register_and_offset(all)) return *rule;
    if (const auto rule = plt(all)) return *rule;
    if (const auto rule = dereferenced(all)) return *rule;
    return only(LEAKCHECK_CFA_UNSUPPORTED);
}

void set(std::uint8_t& kind, std::int32_t& offset, const Location& location) {
    kind = LEAKCHECK_REGISTER_UNKNOWN;
    if (location.kind == Location::Same) kind = LEAKCHECK_REGISTER_SAME;
    if (location.kind != Location::InMemory) return;
    if (location.base == -1) kind = LEAKCHECK_REGISTER_AT_CFA;
    if (location.base == kRbp) kind = LEAKCHECK_REGISTER_AT_RBP;
    if (kind != LEAKCHECK_REGISTER_UNKNOWN) offset = static_cast<std::int32_t>(location.offset);
}

bool is_at(const Location& location, int base, std::int64_t offset) {
    return location.kind == Location::InMemory && location.base == base &&
           location.offset == offset;
}

leakcheck_unwind_rule signal_frame(Dwarf_Frame* frame) {
    const leakcheck_unwind_rule cfa = cfa_of(frame);
    leakcheck_unwind_rule rule = only(LEAKCHECK_CFA_SIGNAL);
    rule.cfa_offset = cfa.cfa_offset;
    const bool known = cfa.cfa == LEAKCHECK_CFA_DEREF_RSP && cfa.cfa_addend == 0 &&
                       is_at(location_of(frame, kRip), kRsp, cfa.cfa_offset + 8) &&
                       is_at(location_of(frame, kRbx), kRsp, cfa.cfa_offset - 32) &&
                       is_at(location_of(frame, kRbp), kRsp, cfa.cfa_offset - 40);
    return known ? rule : only(LEAKCHECK_CFA_UNSUPPORTED);
}

// libdw's defaults for x86-64 give rbx the number of rax, so that rbx counts as undefined until
// something is said of it; psABI has it preserved.
Location rbx_location_of(Dwarf_Frame* frame) {
    const Location location = location_of(frame, kRbx);
    if (location.kind == Location::Undefined) return {Location::Same};
    return location;
}

leakcheck_unwind_rule rule_of(Dwarf_Frame* frame) {
    Dwarf_Addr start = 0;
    Dwarf_Addr end = 0;
    bool is_signal = false;
    if (dwarf_frame_info(frame, &start, &end, &is_signal) != kRip)
        return only(LEAKCHECK_CFA_UNSUPPORTED);
    const Location return_address = location_of(frame, kRip);
    if (return_address.kind == Location::Undefined) return only(LEAKCHECK_CFA_END);
    if (is_signal) return signal_frame(frame);
    leakcheck_unwind_rule rule = cfa_of(frame);
    if (rule.cfa == LEAKCHECK_CFA_UNSUPPORTED || !is_at(return_address, -1, -8))
        return only(LEAKCHECK_CFA_UNSUPPORTED);
    set(rule.rbp, rule.rbp_offset, location_of(frame, kRbp));
    set(rule.rbx, rule.rbx_offset, rbx_location_of(frame));
    return rule;
}

std::optional<leakcheck_unwind_rule> lookup(Dwarf_CFI* cfi, std::uint64_t address) {
    Dwarf_Frame* found = nullptr;
    if (cfi == nullptr) return std::nullopt;
    if (dwarf_cfi_addrframe(cfi, address, &found) == 0) return rule_of(Frame(found).get());
    const bool none = std::strcmp(dwarf_errmsg(-1), "no matching address range") == 0;
    if (none) return std::nullopt;
    return only(LEAKCHECK_CFA_UNSUPPORTED);
}

}  // namespace

Oracle::Oracle(Elf* elf)
    : eh_frame_(dwarf_getcfi_elf(elf)), dwarf_(dwarf_begin_elf(elf, DWARF_C_READ, nullptr)) {}

Oracle::~Oracle() {
    dwarf_cfi_end(eh_frame_);
    dwarf_end(dwarf_);
}

leakcheck_unwind_rule Oracle::at(std::uint64_t address) const {
    if (const auto rule = lookup(eh_frame_, address)) return *rule;
    Dwarf_CFI* debug_frame = dwarf_ != nullptr ? dwarf_getcfi(dwarf_) : nullptr;
    if (const auto rule = lookup(debug_frame, address)) return *rule;
    return only(LEAKCHECK_CFA_NONE);
}

}  // namespace leakcheck::test
