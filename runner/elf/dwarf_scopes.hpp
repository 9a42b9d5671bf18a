// SPDX-License-Identifier: Apache-2.0
//
// Walks entries of debug information, and finds the scopes that functions stand in. Ownership:
// entries point into the Dwarf that they came from, which must outlive everything here. Thread
// safety: none. Errors: a broken file gives fewer entries, and an end to every walk.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <vector>

namespace leakcheck::elf {

constexpr int kMaxDwarfLevel = 256;  // of nesting; real code stays far below, a broken file may not

// Visits the children of an entry; visit(child, next) also gets where in memory the child and all
// below it end, or null for the last one. Entries lie one after the other in the file; a sibling
// that leads backwards is a broken file that would never end.
template <typename Visit>
void for_each_child(Dwarf_Die& parent, Visit&& visit) {
    Dwarf_Die child;
    if (dwarf_child(&parent, &child) != 0) return;
    while (true) {
        Dwarf_Die next;
        const bool more = dwarf_siblingof(&child, &next) == 0 && next.addr > child.addr;
        visit(child, more ? next.addr : nullptr);
        if (!more) return;
        child = next;
    }
}

// Whether functions may stand below an entry with this tag: directly in a scope, or deeper in
// bodies.
bool is_scope(int tag);
bool may_hold_functions(int tag);

// The scopes of one unit. libdw has the same for a single entry (dwarf_getscopes_die), but goes
// through the whole unit for each.
class ScopeIndex {
  public:
    explicit ScopeIndex(Dwarf_Die unit);

    // Namespaces, classes, functions and blocks around an entry of the unit, innermost first.
    std::vector<Dwarf_Die> around(const Dwarf_Die& entry) const;

  private:
    struct Scope {
        Dwarf_Die die;
        std::uint64_t end = 0;   // in memory, exclusive
        std::size_t parent = 0;  // index, or kNone
    };
    void collect(Dwarf_Die& die, std::uint64_t end, std::size_t parent, int level);

    static constexpr std::size_t kNone = SIZE_MAX;
    std::vector<Scope> scopes_;  // by place in memory, so that parents come first
};

}  // namespace leakcheck::elf
