// SPDX-License-Identifier: Apache-2.0
//
// The functions of one compilation unit by address, and what was inlined into each. Entries are
// read once, when first asked for. Addresses are those of the debug file. Ownership: entries point
// into the Dwarf that the unit came from, which must outlive the index. Thread safety: none. Source
// of the format: DWARF 5, sections 2.17 (ranges) and 3.3.8 (inlined subroutines).
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "runner/elf/interval_index.hpp"

namespace leakcheck::elf {

struct AddressRange {
    std::uint64_t start = 0;
    std::uint64_t end = 0;  // exclusive
};

// Tells code from what the linker dropped: discarded functions keep entries with meaningless
// addresses.
using IsCodeFn = std::function<bool(std::uint64_t address)>;

// The ranges of an entry that lie in code.
std::vector<AddressRange> code_ranges(Dwarf_Die& die, const IsCodeFn& is_code);

class FunctionIndex {
  public:
    FunctionIndex(Dwarf_Die unit, IsCodeFn is_code);

    // The function at an address followed by the calls inlined there, outermost first; empty if
    // none.
    std::vector<Dwarf_Die> chain_at(std::uint64_t address);

  private:
    enum class Depth { scopes, bodies };
    struct InlinedCall {
        Dwarf_Die die;
        std::vector<AddressRange> ranges;
        std::size_t parent;  // index of the enclosing call, or kFunction
    };
    struct Function {
        Dwarf_Die die;
        bool inlined_known = false;
        std::vector<InlinedCall> inlined;  // a parent stands before its children
    };

    void collect_functions(Dwarf_Die& parent, Depth depth, int level);
    void collect_inlined(Dwarf_Die& parent, std::size_t parent_call, int level,
                         std::vector<InlinedCall>& calls);
    Function* find(std::uint64_t address);

    Dwarf_Die unit_;
    IsCodeFn is_code_;
    bool scopes_read_ = false;
    bool bodies_read_ = false;
    std::deque<Function> functions_;
    IntervalIndex<Function*> by_address_;
};

}  // namespace leakcheck::elf
