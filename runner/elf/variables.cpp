// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/variables.hpp"

#include <dwarf.h>

#include <algorithm>
#include <span>
#include <string_view>

#include "runner/elf/demangle.hpp"
#include "runner/elf/dwarf_scopes.hpp"
#include "runner/elf/dwarf_units.hpp"
#include "runner/elf/type_names.hpp"

namespace leakcheck::elf {
namespace {

// "catalogue[abi:cxx11]" is called catalogue in the source.
std::string without_tags(std::string name) {
    constexpr std::string_view tag = "[abi:";
    for (std::size_t at = name.find(tag); at != std::string::npos; at = name.find(tag, at)) {
        const std::size_t end = name.find(']', at);
        if (end == std::string::npos) break;
        name.erase(at, end + 1 - at);
    }
    return name;
}

// The address that an operation pushes, itself or by its number in a table (DWARF 5, 2.5.1.1).
std::optional<std::uint64_t> pushed_address(Dwarf_Attribute& location, const Dwarf_Op& operation) {
    Dwarf_Attribute indexed;
    Dwarf_Addr address = 0;
    switch (operation.atom) {
        case DW_OP_addr:
        case DW_OP_const4u:
        case DW_OP_const8u:
            return operation.number;
        case DW_OP_addrx:
        case DW_OP_constx:
        case DW_OP_GNU_addr_index:
        case DW_OP_GNU_const_index:
            if (dwarf_getlocation_attr(&location, &operation, &indexed) != 0 ||
                dwarf_formaddr(&indexed, &address) != 0)
                return std::nullopt;
            return address;
        default:
            return std::nullopt;
    }
}

bool is_thread_address(const Dwarf_Op& operation) {
    return operation.atom == DW_OP_form_tls_address || operation.atom == DW_OP_GNU_push_tls_address;
}

// Classes only declare their static members, which are defined outside. That is most of what there is.
bool may_hold_variables(int tag) {
    return is_scope(tag) || tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block;
}

std::uint64_t size_of(Dwarf_Die& variable) {
    std::optional<Dwarf_Die> type = type_of(variable);
    Dwarf_Word size = 0;
    return type && dwarf_aggregate_size(&*type, &size) == 0 ? size : 0;
}

}  // namespace

Variables::Variables(const DebugSession& session, const ElfFile& file, SymbolKind kind,
                     EntryNames& names)
    : kind_(kind), names_(names), symbols_(session, file, kind) {
    Dwarf* const dwarf = session.dwarf(bias_);
    Dwarf_CU* unit = nullptr;
    Dwarf_Die die;
    while (dwarf != nullptr &&
           dwarf_get_units(dwarf, unit, &unit, nullptr, nullptr, &die, nullptr) == 0) {
        Dwarf_Die whole = whole_unit(die);
        collect(whole, 0);
    }
    std::stable_sort(entries_.begin(), entries_.end(),
                     [](const Entry& a, const Entry& b) { return a.address < b.address; });
}

void Variables::collect(Dwarf_Die& scope, int level) {
    if (level > kMaxDwarfLevel) return;
    for_each_child(scope, [&](Dwarf_Die& child, const void*) {
        const int tag = dwarf_tag(&child);
        if (tag == DW_TAG_variable) {
            if (const auto address = address_of(child)) entries_.push_back({*address, child});
        } else if (may_hold_variables(tag) && dwarf_haschildren(&child) > 0) {
            collect(child, level + 1);
        }
    });
}

std::optional<std::uint64_t> Variables::address_of(Dwarf_Die& variable) const {
    Dwarf_Attribute location;
    Dwarf_Op* operations = nullptr;
    std::size_t count = 0;
    if (dwarf_attr(&variable, DW_AT_location, &location) == nullptr ||
        dwarf_getlocation(&location, &operations, &count) != 0)
        return std::nullopt;
    const std::span<Dwarf_Op> all(operations, count);
    const bool of_thread = count == 2 && is_thread_address(all[1]);
    if (kind_ == SymbolKind::thread_data)
        return of_thread ? pushed_address(location, all[0]) : std::nullopt;
    const bool is_place =
        count == 1 && all[0].atom != DW_OP_const4u && all[0].atom != DW_OP_const8u;
    const auto address = is_place ? pushed_address(location, all[0]) : std::nullopt;
    return address ? std::optional(*address + bias_) : std::nullopt;
}

Variables::Entry* Variables::entry_before(std::uint64_t address) {
    const auto behind =
        std::partition_point(entries_.begin(), entries_.end(),
                             [&](const Entry& entry) { return entry.address <= address; });
    if (behind == entries_.begin()) return nullptr;
    // Of those that share an address (an inline variable is in many units) the first.
    const std::uint64_t start = std::prev(behind)->address;
    return &*std::partition_point(entries_.begin(), behind,
                                  [&](const Entry& entry) { return entry.address < start; });
}

std::optional<Variable> Variables::find(std::uint64_t address) {
    Variable variable;
    const Symbol* symbol = symbols_.find(address);
    Entry* const entry = entry_before(symbol != nullptr ? symbol->address : address);
    const bool fits =
        entry != nullptr && (symbol != nullptr ? entry->address == symbol->address
                                               : address - entry->address < size_of(entry->die));
    if (symbol == nullptr && !fits) return std::nullopt;
    variable.name =
        without_tags(symbol != nullptr ? demangle(symbol->name) : names_.name(entry->die).str());
    if (fits) variable.type = TypeNames(names_).name_of_type(entry->die);
    variable.offset = address - (symbol != nullptr ? symbol->address : entry->address);
    return variable;
}

}  // namespace leakcheck::elf
