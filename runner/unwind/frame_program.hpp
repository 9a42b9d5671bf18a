// SPDX-License-Identifier: Apache-2.0
//
// Runs the programs of call frame information. Each describes one function (an FDE), beginning from
// what a program common to many of them (that of their CIE) has set up. Programs are taken as they
// come: a malformed one makes the rest of its function unsupported. Time is linear in the program's
// length, memory bounded. Thread safety: none. Source of the instructions: DWARF 5, section 7.24, and
// binutils' include/dwarf2.def for those of GNU.
#pragma once

#include <optional>
#include <vector>

#include "runner/unwind/code_rows.hpp"
#include "runner/unwind/encoded_pointer.hpp"
#include "runner/unwind/frame_state.hpp"

namespace leakcheck::unwind {

// What the functions of a CIE share.
struct CommonInfo {
    std::uint64_t code_alignment = 1;  // factor of advances
    std::int64_t data_alignment = 1;   // factor of offsets
    std::uint8_t pointer_encoding = 0;
    FrameKind kind = FrameKind::Ordinary;
    std::optional<FrameState> initial;  // nothing when its program is malformed
};

// The code that a program describes, virtual addresses.
struct CodeRange {
    std::uint64_t start;
    std::uint64_t end;  // exclusive
};

// Where rows go: their offsets count from an address at or before every range.
struct RowTarget {
    RowWriter& rows;
    RuleSet& rules;
    std::uint64_t table_start;
};

class FrameProgram {
  public:
    // `common` and what `pointers` refers to must outlive the object.
    FrameProgram(const CommonInfo& common, const PointerBase& pointers)
        : common_(common), pointers_(pointers) {}

    // The state after the program of a CIE; nothing when it is malformed.
    std::optional<FrameState> run_initial(ByteReader program);

    // Writes the rows of a function, beginning at the start of its range. Needs common.initial.
    void run(ByteReader program, const CodeRange& range, const RowTarget& target);

  private:
    friend struct FrameInstructions;

    void execute(ByteReader program);
    void step();
    void move_to(std::uint64_t location);
    void write_row();

    // Operands.
    std::uint64_t uleb() { return program_.uleb(); }
    std::int64_t factored(std::uint64_t number) const;

    RegisterState at_cfa(std::uint64_t number) const;

    void set_register(std::uint64_t reg, const RegisterState& state);
    void set_cfa(std::uint64_t reg, std::int64_t offset);
    void set_cfa_offset(std::int64_t offset);
    void restore_register(std::uint64_t reg);

    const CommonInfo& common_;
    const PointerBase& pointers_;
    ByteReader program_;
    FrameState state_;
    std::vector<FrameState> remembered_;
    const RowTarget* target_ = nullptr;  // null while a CIE's program runs
    CodeRange range_{0, 0};
    std::uint64_t location_ = 0;
    bool malformed_ = false;
};

}  // namespace leakcheck::unwind
