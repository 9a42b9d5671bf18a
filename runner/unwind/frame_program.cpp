// SPDX-License-Identifier: Apache-2.0
#include "runner/unwind/frame_program.hpp"

#include <dwarf.h>

#include <algorithm>
#include <array>

#include "runner/unwind/frame_expression.hpp"

namespace leakcheck::unwind {

using Place = RegisterState::Place;

namespace {

constexpr std::uint8_t kPrimaryMask = 0xc0;
constexpr std::size_t kExtendedCount = 0x40;
constexpr std::size_t kMostRemembered = 64;  // compilers nest them once or twice

// Offsets wrap around as the unsigned arithmetic of addresses does.
std::int64_t product(std::uint64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(a * static_cast<std::uint64_t>(b));
}

}  // namespace

// The instructions that have an opcode of their own; the operand of the others is within the opcode.
struct FrameInstructions {
    using Instruction = void (*)(FrameProgram&);
    using Table = std::array<Instruction, kExtendedCount>;
    static const Table table;

    static constexpr Table make_table();

    static void nop(FrameProgram&) {}
    static void malformed(FrameProgram& p) { p.malformed_ = true; }

    static void set_loc(FrameProgram& p) {
        const auto location = read_pointer(p.program_, p.common_.pointer_encoding, p.pointers_);
        if (location) return p.move_to(*location);
        p.malformed_ = true;
    }
    template <typename Delta>
    static void advance(FrameProgram& p) {
        p.move_to(p.location_ + p.program_.fixed<Delta>() * p.common_.code_alignment);
    }

    static void def_cfa(FrameProgram& p) {
        const std::uint64_t reg = p.uleb();
        p.set_cfa(reg, static_cast<std::int64_t>(p.uleb()));
    }
    static void def_cfa_sf(FrameProgram& p) {
        const std::uint64_t reg = p.uleb();
        p.set_cfa(reg, p.factored(static_cast<std::uint64_t>(p.program_.sleb())));
    }
    static void def_cfa_register(FrameProgram& p) {
        const std::uint64_t reg = p.uleb();
        const bool has_offset = p.state_.cfa.form == CfaState::Form::Register;
        if (has_offset) return p.set_cfa(reg, p.state_.cfa.offset);
        p.state_.cfa = {};
    }
    static void def_cfa_offset(FrameProgram& p) {
        p.set_cfa_offset(static_cast<std::int64_t>(p.uleb()));
    }
    static void def_cfa_offset_sf(FrameProgram& p) {
        p.set_cfa_offset(p.factored(static_cast<std::uint64_t>(p.program_.sleb())));
    }
    static void def_cfa_expression(FrameProgram& p) {
        p.state_.cfa = recognise_cfa(p.program_.block(p.uleb()));
    }

    template <Place place>
    static void set(FrameProgram& p) {
        p.set_register(p.uleb(), {place});
    }
    static void offset_extended(FrameProgram& p) {
        const std::uint64_t reg = p.uleb();
        p.set_register(reg, p.at_cfa(p.uleb()));
    }
    static void offset_extended_sf(FrameProgram& p) {
        const std::uint64_t reg = p.uleb();
        p.set_register(reg, p.at_cfa(static_cast<std::uint64_t>(p.program_.sleb())));
    }
    static void negative_offset_extended(FrameProgram& p) {
        const std::uint64_t reg = p.uleb();
        p.set_register(reg, p.at_cfa(-p.uleb()));
    }
    // The value itself, or another register that holds it.
    static void elsewhere_by_number(FrameProgram& p) {
        set<Place::Elsewhere>(p);
        p.uleb();
    }
    static void expression(FrameProgram& p) {
        const std::uint64_t reg = p.uleb();
        p.set_register(reg, recognise_place(p.program_.block(p.uleb())));
    }
    static void val_expression(FrameProgram& p) {
        set<Place::Elsewhere>(p);
        p.program_.skip(p.uleb());
    }

    static void restore_extended(FrameProgram& p) { p.restore_register(p.uleb()); }
    static void remember_state(FrameProgram& p) {
        if (p.remembered_.size() == kMostRemembered) return malformed(p);
        p.remembered_.push_back(p.state_);
    }
    static void restore_state(FrameProgram& p) {
        if (p.remembered_.empty()) return malformed(p);
        p.state_ = p.remembered_.back();
        p.remembered_.pop_back();
    }
    // How much a call has pushed for its arguments: included in the offsets of the CFA already.
    static void args_size(FrameProgram& p) { p.uleb(); }
};

constexpr FrameInstructions::Table FrameInstructions::make_table() {
    Table entries{};
    entries.fill(malformed);
    entries[DW_CFA_nop] = nop;
    entries[DW_CFA_set_loc] = set_loc;
    entries[DW_CFA_advance_loc1] = advance<std::uint8_t>;
    entries[DW_CFA_advance_loc2] = advance<std::uint16_t>;
    entries[DW_CFA_advance_loc4] = advance<std::uint32_t>;
    entries[DW_CFA_MIPS_advance_loc8] = advance<std::uint64_t>;
    entries[DW_CFA_offset_extended] = offset_extended;
    entries[DW_CFA_restore_extended] = restore_extended;
    entries[DW_CFA_undefined] = set<Place::Undefined>;
    entries[DW_CFA_same_value] = set<Place::Same>;
    entries[DW_CFA_register] = elsewhere_by_number;
    entries[DW_CFA_remember_state] = remember_state;
    entries[DW_CFA_restore_state] = restore_state;
    entries[DW_CFA_def_cfa] = def_cfa;
    entries[DW_CFA_def_cfa_register] = def_cfa_register;
    entries[DW_CFA_def_cfa_offset] = def_cfa_offset;
    entries[DW_CFA_def_cfa_expression] = def_cfa_expression;
    entries[DW_CFA_expression] = expression;
    entries[DW_CFA_offset_extended_sf] = offset_extended_sf;
    entries[DW_CFA_def_cfa_sf] = def_cfa_sf;
    entries[DW_CFA_def_cfa_offset_sf] = def_cfa_offset_sf;
    entries[DW_CFA_val_offset] = elsewhere_by_number;
    entries[DW_CFA_val_offset_sf] = elsewhere_by_number;
    entries[DW_CFA_val_expression] = val_expression;
    entries[DW_CFA_GNU_args_size] = args_size;
    entries[DW_CFA_GNU_negative_offset_extended] = negative_offset_extended;
    return entries;
}

constinit const FrameInstructions::Table FrameInstructions::table = make_table();

std::optional<FrameState> FrameProgram::run_initial(ByteReader program) {
    execute(program);
    if (malformed_) return std::nullopt;
    return state_;
}

void FrameProgram::run(ByteReader program, const CodeRange& range, const RowTarget& target) {
    target_ = &target;
    range_ = range;
    location_ = range.start;
    state_ = *common_.initial;
    execute(program);
    if (location_ < range_.end) write_row();
}

void FrameProgram::execute(ByteReader program) {
    program_ = program;
    malformed_ = false;
    remembered_.clear();
    while (!program_.at_end() && !malformed_) step();
    malformed_ = malformed_ || program_.failed();
}

void FrameProgram::step() {
    const std::uint8_t opcode = program_.byte();
    const std::uint64_t operand = opcode & ~kPrimaryMask;
    switch (opcode & kPrimaryMask) {
        case DW_CFA_advance_loc:
            return move_to(location_ + operand * common_.code_alignment);
        case DW_CFA_offset:
            return set_register(operand, at_cfa(uleb()));
        case DW_CFA_restore:
            return restore_register(operand);
        default:
            FrameInstructions::table[operand](*this);
    }
}

// The state up to here is that of all code before the new location.
void FrameProgram::move_to(std::uint64_t location) {
    if (target_ == nullptr || program_.failed() || location < location_) {
        malformed_ = true;
        return;
    }
    if (location == location_) return;
    write_row();
    location_ = location;
    if (location_ >= range_.end) program_ = {};  // what follows describes no code of the range
}

void FrameProgram::write_row() {
    const std::uint16_t rule =
        malformed_ ? kRuleUnsupported : target_->rules.number(compile_rule(state_, common_.kind));
    target_->rows.add(static_cast<std::uint32_t>(location_ - target_->table_start), rule);
}

std::int64_t FrameProgram::factored(std::uint64_t number) const {
    return product(number, common_.data_alignment);
}

RegisterState FrameProgram::at_cfa(std::uint64_t number) const {
    return in_memory(Place::AtCfa, factored(number));
}

void FrameProgram::set_register(std::uint64_t reg, const RegisterState& state) {
    if (RegisterState* tracked = state_.find(reg)) *tracked = state;
}

void FrameProgram::set_cfa(std::uint64_t reg, std::int64_t offset) {
    const std::uint64_t number = std::min<std::uint64_t>(reg, kDwarfOther);
    state_.cfa = {.form = CfaState::Form::Register,
                  .reg = static_cast<std::uint8_t>(number),
                  .offset = offset};
}

// Without a register to add it to, an offset means nothing.
void FrameProgram::set_cfa_offset(std::int64_t offset) {
    if (state_.cfa.form != CfaState::Form::Register) {
        state_.cfa = {};
    } else {
        state_.cfa.offset = offset;
    }
}

void FrameProgram::restore_register(std::uint64_t reg) {
    if (!common_.initial) {
        malformed_ = true;
        return;
    }
    const RegisterState* rule = common_.initial->find(reg);
    if (rule != nullptr) set_register(reg, *rule);
}

}  // namespace leakcheck::unwind
