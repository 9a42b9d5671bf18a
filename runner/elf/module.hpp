// SPDX-License-Identifier: Apache-2.0
//
// One ELF file and all that is known of its addresses. Kept for every process that maps the file;
// answers are cached by address. Symbols and debug information are read, and searched for in other
// places, when they are first asked for. Addresses are the module's own (as objdump shows them). Thread
// safety: none. Errors: what the file does not tell is left empty.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "analysis/report.hpp"
#include "runner/elf/debug_session.hpp"
#include "runner/elf/dwarf_names.hpp"
#include "runner/elf/dwarf_units.hpp"
#include "runner/elf/elf_file.hpp"
#include "runner/elf/source_paths.hpp"
#include "runner/elf/symbol_table.hpp"
#include "runner/elf/variables.hpp"

namespace leakcheck::elf {

// A frame as far as its module tells it.
struct ModuleFrame {
    SharedText function;                 // empty if unknown
    const SourcePlace* place = nullptr;  // null if unknown
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    bool inlined = false;
};

class Module {
  public:
    // Null when the file cannot be read or is no ELF file; `error` then says why. `sources` must
    // outlive the module.
    static std::unique_ptr<Module> open(const std::filesystem::path& file,
                                        const std::vector<std::filesystem::path>& debug_directories,
                                        SourcePaths& sources, std::string& error);

    const SharedText& build_id() const { return build_id_; }
    std::optional<std::uint64_t> address_of(std::uint64_t file_offset) const;

    // The frames at an instruction's address, innermost first, at least one.
    const std::vector<ModuleFrame>& frames_at(std::uint64_t address);

    // Where the function at an address is declared, else where its code begins; nullopt without
    // lines.
    std::optional<SourceLocation> definition_at(std::uint64_t address);

    // The variable that holds an address; of SymbolKind::thread_data, an offset in the module's thread-local
    // storage.
    std::optional<Variable> variable_at(std::uint64_t address, SymbolKind kind);

    void for_each_function(const SymbolFn& visit) const;

  private:
    Module(std::unique_ptr<ElfFile> file, std::unique_ptr<DebugSession> session,
           SourcePaths& sources);
    std::vector<ModuleFrame> find_frames(std::uint64_t address);
    std::vector<ModuleFrame> frames_in(DwarfUnit& unit, std::uint64_t address);
    void mend_lost_inlining(ModuleFrame& outer, DwarfUnit& unit, Dwarf_Die& function,
                            std::uint64_t address);
    ModuleFrame outer_place(DwarfUnit& unit, const Dwarf_Die& function, std::uint64_t address);
    const SharedText& outer_name(Dwarf_Die& function, std::uint64_t address);
    const SharedText& symbol_name(std::uint64_t address);
    const Symbol* symbol_at(std::uint64_t address);
    void set_place(ModuleFrame& frame, DwarfUnit& unit, const LineRecord& line);
    std::vector<DwarfUnit*> units_at(std::uint64_t address);

    std::unique_ptr<ElfFile> file_;
    std::unique_ptr<DebugSession> session_;
    SourcePaths& sources_;
    SharedText build_id_;
    std::optional<SymbolTable> symbols_;
    std::map<SymbolKind, Variables> variables_;
    EntryNames names_;
    Dwarf_Addr bias_ = 0;  // what debug addresses lack to be the module's
    bool units_sought_ = false;
    std::optional<UnitIndex> units_;                              // none without debug information
    std::unordered_map<const Symbol*, SharedText> symbol_names_;  // demangled
    std::unordered_map<std::uint64_t, std::vector<ModuleFrame>> frames_;
};

}  // namespace leakcheck::elf
