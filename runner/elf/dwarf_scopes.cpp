// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/dwarf_scopes.hpp"

#include <dwarf.h>

#include <algorithm>

namespace leakcheck::elf {
namespace {

std::uint64_t place(const void* address) {
    return reinterpret_cast<std::uintptr_t>(address);
}

}  // namespace

bool is_scope(int tag) {
    return tag == DW_TAG_namespace || tag == DW_TAG_module;
}

bool may_hold_functions(int tag) {
    switch (tag) {
        case DW_TAG_subprogram:
        case DW_TAG_lexical_block:
        case DW_TAG_class_type:
        case DW_TAG_structure_type:
        case DW_TAG_union_type:
            return true;
        default:
            return is_scope(tag);
    }
}

ScopeIndex::ScopeIndex(Dwarf_Die unit) {
    collect(unit, UINT64_MAX, kNone, 0);
}

void ScopeIndex::collect(Dwarf_Die& die, std::uint64_t end, std::size_t parent, int level) {
    if (level > kMaxDwarfLevel) return;
    for_each_child(die, [&](Dwarf_Die& child, const void* next) {
        if (!may_hold_functions(dwarf_tag(&child)) || dwarf_haschildren(&child) <= 0) return;
        const std::uint64_t child_end = next != nullptr ? place(next) : end;
        scopes_.push_back({child, child_end, parent});
        collect(child, child_end, scopes_.size() - 1, level + 1);
    });
}

std::vector<Dwarf_Die> ScopeIndex::around(const Dwarf_Die& entry) const {
    const std::uint64_t wanted = place(entry.addr);
    const auto behind =
        std::partition_point(scopes_.begin(), scopes_.end(),
                             [&](const Scope& scope) { return place(scope.die.addr) < wanted; });
    std::vector<Dwarf_Die> scopes;
    std::size_t index = static_cast<std::size_t>(behind - scopes_.begin()) - 1;  // kNone for none
    for (; index != kNone; index = scopes_[index].parent) {
        if (scopes_[index].end > wanted) scopes.push_back(scopes_[index].die);
    }
    return scopes;
}

}  // namespace leakcheck::elf
