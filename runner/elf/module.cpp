// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/module.hpp"

#include <dwarf.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "runner/elf/demangle.hpp"

namespace leakcheck::elf {
namespace {

constexpr int kMostRowsBack = 256;  // of the line table, for a place that is the function's own

std::uint32_t constant_or_zero(Dwarf_Die& die, unsigned attribute) {
    return static_cast<std::uint32_t>(constant_attribute(die, attribute).value_or(0));
}

// Where an inlined function was called.
LineRecord call_place(DwarfUnit& unit, Dwarf_Die& call) {
    LineRecord place;
    if (const auto file = constant_attribute(call, DW_AT_call_file))
        place.file = unit.file_name(*file);
    place.line = constant_or_zero(call, DW_AT_call_line);
    place.column = constant_or_zero(call, DW_AT_call_column);
    return place;
}

}  // namespace

std::unique_ptr<Module> Module::open(const std::filesystem::path& file,
                                     const std::vector<std::filesystem::path>& debug_directories,
                                     SourcePaths& sources, std::string& error) {
    std::unique_ptr<ElfFile> elf = ElfFile::open(file, error);
    if (!elf) return nullptr;
    std::unique_ptr<DebugSession> session = DebugSession::open(file, debug_directories, error);
    if (!session) return nullptr;
    return std::unique_ptr<Module>(new Module(std::move(elf), std::move(session), sources));
}

Module::Module(std::unique_ptr<ElfFile> file, std::unique_ptr<DebugSession> session,
               SourcePaths& sources)
    : file_(std::move(file)),
      session_(std::move(session)),
      sources_(sources),
      build_id_(session_->build_id()) {}

std::optional<std::uint64_t> Module::address_of(std::uint64_t file_offset) const {
    return file_->address_of(file_offset);
}

const std::vector<ModuleFrame>& Module::frames_at(std::uint64_t address) {
    auto found = frames_.find(address);
    if (found == frames_.end()) found = frames_.emplace(address, find_frames(address)).first;
    return found->second;
}

std::vector<ModuleFrame> Module::find_frames(std::uint64_t address) {
    for (DwarfUnit* unit : units_at(address)) {
        std::vector<ModuleFrame> frames = frames_in(*unit, address);
        if (!frames.empty()) return frames;
    }
    ModuleFrame frame;
    frame.function = symbol_name(address);
    return {frame};
}

std::vector<DwarfUnit*> Module::units_at(std::uint64_t address) {
    if (!std::exchange(units_sought_, true)) {
        if (Dwarf* dwarf = session_->dwarf(bias_)) {
            units_.emplace(dwarf,
                           [this](std::uint64_t place) { return file_->is_code(place + bias_); });
        }
    }
    return units_ ? units_->units_at(address - bias_) : std::vector<DwarfUnit*>{};
}

// The line table places the innermost frame; each inlined call places the one it was made from.
// Empty where the unit does not know the address.
std::vector<ModuleFrame> Module::frames_in(DwarfUnit& unit, std::uint64_t address) {
    std::vector<Dwarf_Die> chain = unit.functions.chain_at(address - bias_);
    std::optional<LineRecord> line = unit.line_at(address - bias_);
    std::vector<ModuleFrame> frames;
    if (chain.empty() && !line) return frames;
    frames.reserve(std::max<std::size_t>(chain.size(), 1));
    while (chain.size() > 1) {
        ModuleFrame& frame = frames.emplace_back();
        frame.function = names_.name(chain.back());
        frame.inlined = true;
        if (line) set_place(frame, unit, *line);
        line = call_place(unit, chain.back());
        chain.pop_back();
    }
    ModuleFrame& outer = frames.emplace_back();
    outer.function = chain.empty() ? symbol_name(address) : outer_name(chain.front(), address);
    if (line) set_place(outer, unit, *line);
    if (frames.size() == 1 && !chain.empty()) {
        mend_lost_inlining(outer, unit, chain.front(), address - bias_);
    }
    return frames;
}

// Optimisers move code that was inlined and sometimes forget that it was: a function of the project
// then seems to stand in a header of a library. The nearest place before it that is the function's
// own is told instead.
void Module::mend_lost_inlining(ModuleFrame& outer, DwarfUnit& unit, Dwarf_Die& function,
                                std::uint64_t address) {
    const auto is_own = [](const ModuleFrame& frame) {
        return frame.place != nullptr && frame.place->in_project && frame.line != 0;
    };
    Dwarf_Addr entry = 0;
    if (outer.place == nullptr || outer.place->in_project ||
        dwarf_entrypc(&function, &entry) != 0 || !is_own(outer_place(unit, function, entry))) {
        return;
    }
    for (int row = 0; row < kMostRowsBack && address > entry; ++row) {
        address = unit.row_start(address) - 1;
        const ModuleFrame own = outer_place(unit, function, address);
        if (!is_own(own)) continue;
        outer.place = own.place;
        outer.line = own.line;
        outer.column = own.column;
        return;
    }
}

// Where an address is in a function, seen from outside of what is inlined there.
ModuleFrame Module::outer_place(DwarfUnit& unit, const Dwarf_Die& function, std::uint64_t address) {
    ModuleFrame frame;
    std::vector<Dwarf_Die> chain = unit.functions.chain_at(address);
    if (chain.empty() || chain.front().addr != function.addr) return frame;
    const std::optional<LineRecord> line =
        chain.size() > 1 ? call_place(unit, chain[1]) : unit.line_at(address);
    if (line) set_place(frame, unit, *line);
    return frame;
}

// Compilers leave out mangled names at low debug levels; the symbol table has the parameters then.
const SharedText& Module::outer_name(Dwarf_Die& function, std::uint64_t address) {
    if (EntryNames::mangled_name(function) == nullptr) {
        const Symbol* symbol = symbol_at(address);
        if (symbol != nullptr && std::string_view(symbol->name).starts_with("_Z")) {
            return symbol_name(address);
        }
    }
    const SharedText& name = names_.name(function);
    return name.empty() ? symbol_name(address) : name;
}

const Symbol* Module::symbol_at(std::uint64_t address) {
    if (!symbols_) symbols_.emplace(*session_, *file_, SymbolKind::function);
    return symbols_->find(address);
}

// Empty where there is no symbol.
const SharedText& Module::symbol_name(std::uint64_t address) {
    const Symbol* symbol = symbol_at(address);
    const auto [name, is_new] = symbol_names_.try_emplace(symbol);
    if (is_new && symbol != nullptr) name->second = demangle(symbol->name);
    return name->second;
}

void Module::set_place(ModuleFrame& frame, DwarfUnit& unit, const LineRecord& line) {
    frame.line = line.line;
    frame.column = line.column;
    if (line.file == nullptr) return;
    const SourcePlace*& place = unit.places[line.file];
    if (place == nullptr) place = &sources_.place(line.file, unit.directory);
    frame.place = place;
}

std::optional<SourceLocation> Module::definition_at(std::uint64_t address) {
    const ModuleFrame& outer = frames_at(address).back();
    SourceLocation location{outer.function, "", outer.line};
    if (outer.place != nullptr) location.file = outer.place->file;
    for (DwarfUnit* unit : units_at(address)) {
        std::vector<Dwarf_Die> chain = unit->functions.chain_at(address - bias_);
        if (chain.empty()) continue;
        const auto file = constant_attribute(chain.front(), DW_AT_decl_file);
        const auto line = constant_attribute(chain.front(), DW_AT_decl_line);
        const char* name = file ? unit->file_name(*file) : nullptr;
        if (!line || name == nullptr) continue;
        location.file = sources_.place(name, unit->directory).file;
        location.line = static_cast<std::uint32_t>(*line);
        break;
    }
    if (location.file.empty()) return std::nullopt;
    return location;
}

std::optional<Variable> Module::variable_at(std::uint64_t address, SymbolKind kind) {
    auto known = variables_.find(kind);
    if (known == variables_.end())
        known = variables_.try_emplace(kind, *session_, *file_, kind, names_).first;
    return known->second.find(address);
}

void Module::for_each_function(const SymbolFn& visit) const {
    for_each_symbol(*session_, *file_, SymbolKind::function, visit);
}

}  // namespace leakcheck::elf
