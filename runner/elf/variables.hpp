// SPDX-License-Identifier: Apache-2.0
//
// The variables of a module that have a place of their own: globals, static ones of functions and classes, and
// thread-local ones. Where they are and how they are called is told by symbols, else by debug information; their types
// by the latter. Addresses are the module's own; of thread-local variables, offsets in the module's thread-local
// storage. Ownership: refers to what it is made of, which must outlive it. Thread safety: none. Errors: what
// the file does not tell is left empty.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/holding_path.hpp"
#include "runner/elf/debug_session.hpp"
#include "runner/elf/dwarf_names.hpp"
#include "runner/elf/elf_file.hpp"
#include "runner/elf/symbol_table.hpp"

namespace leakcheck::elf {

// Of one kind: SymbolKind::data or thread_data.
class Variables {
  public:
    // `names`: of this module.
    Variables(const DebugSession& session, const ElfFile& file, SymbolKind kind, EntryNames& names);

    // The variable that holds an address; nothing where none is known to.
    std::optional<Variable> find(std::uint64_t address);

  private:
    struct Entry {
        std::uint64_t address = 0;
        Dwarf_Die die{};
    };

    void collect(Dwarf_Die& scope, int level);
    std::optional<std::uint64_t> address_of(Dwarf_Die& variable) const;
    // The entry that begins last of those not behind the address, or null.
    Entry* entry_before(std::uint64_t address);

    SymbolKind kind_;
    EntryNames& names_;
    SymbolTable symbols_;
    Dwarf_Addr bias_ = 0;         // what debug addresses lack to be the module's
    std::vector<Entry> entries_;  // by address
};

}  // namespace leakcheck::elf
