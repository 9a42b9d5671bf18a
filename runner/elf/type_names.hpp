// SPDX-License-Identifier: Apache-2.0
//
// The types of variables in C++'s spelling, from their debug information: "std::map<int, Item>", "char const*".
// Thread safety: none. Errors: what debug information does not tell, or nests too deeply, is "?".
#pragma once

#include <elfutils/libdw.h>

#include <optional>
#include <string>

#include "runner/elf/dwarf_names.hpp"

namespace leakcheck::elf {

// The type that an entry says it has; nothing where it has none, as what is void.
std::optional<Dwarf_Die> type_of(Dwarf_Die& entry);

class TypeNames {
  public:
    // `names` outlives the object.
    explicit TypeNames(EntryNames& names) : names_(names) {}

    // Of the entry's type; "void" where it has none.
    std::string name_of_type(Dwarf_Die& entry) { return name_of_type(entry, 0); }

  private:
    std::string name_of_type(Dwarf_Die& entry, int level);
    std::string name(Dwarf_Die& type, int level);
    std::string parameters(Dwarf_Die& function, int level);

    EntryNames& names_;
};

}  // namespace leakcheck::elf
