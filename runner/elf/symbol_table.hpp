// SPDX-License-Identifier: Apache-2.0
//
// The functions or variables of a module by address, from .symtab, else .dynsym, else the symbol table of a
// separate debug file or .gnu_debugdata. Ownership: names point into the session, which must
// outlive the table. Thread safety: none.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "runner/elf/debug_session.hpp"
#include "runner/elf/elf_file.hpp"
#include "runner/elf/interval_index.hpp"

namespace leakcheck::elf {

enum class SymbolKind {
    function,
    data,
    thread_data,  // its addresses are offsets in the module's thread-local storage
};

struct Symbol {
    const char* name = nullptr;  // as in the file: mangled
    std::uint64_t address = 0;   // module's own
    std::uint64_t size = 0;      // bytes; 0 where the file does not tell
    bool typed = true;           // by its type what it was taken for (not a bare label)
    int binding = 0;             // STB_*
};

// Every defined symbol of a kind; functions only where code is. Those of the tables libdwfl chose come first.
using SymbolFn = std::function<void(const Symbol&)>;
void for_each_symbol(const DebugSession& session, const ElfFile& file, SymbolKind kind,
                     const SymbolFn& visit);

class SymbolTable {
  public:
    SymbolTable(const DebugSession& session, const ElfFile& file, SymbolKind kind);

    // What holds an address: a sized symbol around it, else, of functions, the nearest preceding
    // symbol of unknown size in the same section. Null when the address belongs to no symbol.
    const Symbol* find(std::uint64_t address);

  private:
    void index(const ElfFile& file, SymbolKind kind);

    std::vector<Symbol> symbols_;  // by address, the best name of each address first
    IntervalIndex<std::size_t> sized_;
    IntervalIndex<std::size_t> sizeless_;
};

}  // namespace leakcheck::elf
