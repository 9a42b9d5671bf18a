// SPDX-License-Identifier: Apache-2.0
//
// Names and attributes of debug information entries (DWARF 2 to 5, by libdw). Thread safety: none;
// names are cached. Errors: an entry without the attribute gives an empty name or no value.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "analysis/shared_text.hpp"
#include "runner/elf/dwarf_scopes.hpp"

namespace leakcheck::elf {

// An unsigned constant of the entry itself, or of the entry it is an instance of.
std::optional<std::uint64_t> constant_attribute(Dwarf_Die& die, unsigned attribute);
// The compilation's directory (DW_AT_comp_dir); empty if none.
std::string compilation_directory(Dwarf_Die& unit);

// Of functions, variables and types.
class EntryNames {
  public:
    // The name that C++ gives the linker, or null: other languages, and what compilers leave
    // without. (An alias that a C function has for the linker is not what people know it by.)
    static const char* mangled_name(Dwarf_Die& entry);

    // The name for people: demangled with parameters where there is a mangled one, else qualified
    // by the namespaces and classes around its declaration.
    const SharedText& name(Dwarf_Die& entry);
    // As the source has it, with the namespaces, classes and functions around it. Empty if it has none.
    std::string qualified_name(Dwarf_Die& entry);

  private:
    std::string find_name(Dwarf_Die& entry);
    ScopeIndex& scopes_of_unit(Dwarf_Die& entry);

    std::unordered_map<const void*, SharedText> names_;   // by the entry's place in memory
    std::unordered_map<const void*, ScopeIndex> scopes_;  // by the unit's
};

}  // namespace leakcheck::elf
