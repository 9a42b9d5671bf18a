// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/symbol_table.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>

namespace leakcheck::elf {
namespace {

bool is_of_kind(const GElf_Sym& symbol, SymbolKind kind) {
    const int type = GELF_ST_TYPE(symbol.st_info);
    if (symbol.st_shndx == SHN_UNDEF) return false;
    if (kind == SymbolKind::thread_data) return type == STT_TLS;
    if (symbol.st_value == 0) return false;
    if (kind == SymbolKind::data) return type == STT_OBJECT || type == STT_COMMON;
    return type == STT_FUNC || type == STT_GNU_IFUNC || type == STT_NOTYPE;
}

bool may_be_at(std::uint64_t address, SymbolKind kind, const ElfFile& file) {
    return kind != SymbolKind::function || file.is_code(address);
}

Symbol make_symbol(const char* name, const GElf_Sym& symbol, std::uint64_t address) {
    return {name, address, symbol.st_size, GELF_ST_TYPE(symbol.st_info) != STT_NOTYPE,
            static_cast<int>(GELF_ST_BIND(symbol.st_info))};
}

// Of several names of one address people know the public one: malloc, not __libc_malloc.
auto familiarity(const Symbol& symbol) {
    const std::string_view name = symbol.name;
    const int rank = symbol.binding == STB_GLOBAL ? 0 : symbol.binding == STB_WEAK ? 1 : 2;
    const std::size_t underscores = std::min(name.find_first_not_of('_'), name.size());
    return std::make_tuple(!symbol.typed, symbol.size == 0, rank, underscores, name.size(), name);
}

bool by_address(const Symbol& a, const Symbol& b) {
    if (a.address != b.address) return a.address < b.address;
    return familiarity(a) < familiarity(b);
}

}  // namespace

void for_each_symbol(const DebugSession& session, const ElfFile& file, SymbolKind kind,
                     const SymbolFn& visit) {
    const int count = dwfl_module_getsymtab(session.module());
    for (int i = 1; i < count; ++i) {  // the first entry of every table is reserved
        GElf_Sym symbol;
        GElf_Addr address = 0;
        const char* name = dwfl_module_getsym_info(session.module(), i, &symbol, &address, nullptr,
                                                   nullptr, nullptr);
        if (name == nullptr || *name == '\0' || !is_of_kind(symbol, kind)) continue;
        if (kind == SymbolKind::thread_data) address = symbol.st_value;
        if (may_be_at(address, kind, file)) visit(make_symbol(name, symbol, address));
    }
    // libdwfl reads one table of the file; a .symtab that was thinned out does not hide .dynsym
    // here.
    file.for_each_symbol(SHT_DYNSYM, [&](const char* name, const GElf_Sym& symbol) {
        if (is_of_kind(symbol, kind) && may_be_at(symbol.st_value, kind, file))
            visit(make_symbol(name, symbol, symbol.st_value));
    });
}

SymbolTable::SymbolTable(const DebugSession& session, const ElfFile& file, SymbolKind kind) {
    for_each_symbol(session, file, kind, [&](const Symbol& symbol) { symbols_.push_back(symbol); });
    std::sort(symbols_.begin(), symbols_.end(), by_address);
    const auto same_address = [](const Symbol& a, const Symbol& b) {
        return a.address == b.address;
    };
    symbols_.erase(std::unique(symbols_.begin(), symbols_.end(), same_address), symbols_.end());
    index(file, kind);
}

void SymbolTable::index(const ElfFile& file, SymbolKind kind) {
    for (std::size_t i = 0; i < symbols_.size(); ++i) {
        const Symbol& symbol = symbols_[i];
        if (symbol.size != 0) {
            sized_.add(symbol.address, symbol.address + symbol.size, i);
        } else if (kind == SymbolKind::function) {
            const bool last = i + 1 == symbols_.size();
            const std::uint64_t next = last ? UINT64_MAX : symbols_[i + 1].address;
            sizeless_.add(symbol.address, std::min(next, file.end_of_section_at(symbol.address)),
                          i);
        }
    }
}

const Symbol* SymbolTable::find(std::uint64_t address) {
    const std::size_t* found = sized_.innermost(address);
    if (found == nullptr) found = sizeless_.innermost(address);
    return found == nullptr ? nullptr : &symbols_[*found];
}

}  // namespace leakcheck::elf
