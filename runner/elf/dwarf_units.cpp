// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/dwarf_units.hpp"

#include <dwarf.h>

#include <algorithm>
#include <utility>

#include "runner/elf/dwarf_names.hpp"

namespace leakcheck::elf {
namespace {

std::uint32_t non_negative(int value) {
    return value > 0 ? static_cast<std::uint32_t>(value) : 0;
}

}  // namespace

Dwarf_Die whole_unit(Dwarf_Die& unit) {
    Dwarf_Die split{};
    std::uint8_t type = 0;
    if (dwarf_cu_info(unit.cu, nullptr, &type, nullptr, &split, nullptr, nullptr, nullptr) == 0 &&
        type == DW_UT_skeleton && dwarf_tag(&split) == DW_TAG_compile_unit) {
        return split;
    }
    return unit;
}

std::optional<LineRecord> DwarfUnit::line_at(std::uint64_t address) {
    Dwarf_Line* line = dwarf_getsrc_die(&die, address);
    if (line == nullptr) return std::nullopt;
    LineRecord record;
    int number = 0;
    int column = 0;
    record.file = dwarf_linesrc(line, nullptr, nullptr);
    if (dwarf_lineno(line, &number) == 0) record.line = non_negative(number);
    if (dwarf_linecol(line, &column) == 0) record.column = non_negative(column);
    return record;
}

std::uint64_t DwarfUnit::row_start(std::uint64_t address) {
    Dwarf_Addr start = address;
    if (Dwarf_Line* line = dwarf_getsrc_die(&die, address)) dwarf_lineaddr(line, &start);
    return std::min<std::uint64_t>(start, address);
}

const char* DwarfUnit::file_name(std::uint64_t index) {
    Dwarf_Files* files = nullptr;
    std::size_t count = 0;
    if (dwarf_getsrcfiles(&functions_die, &files, &count) != 0 || index >= count) return nullptr;
    return dwarf_filesrc(files, index, nullptr, nullptr);
}

UnitIndex::UnitIndex(Dwarf* dwarf, IsCodeFn is_code) : dwarf_(dwarf), is_code_(std::move(is_code)) {
    Dwarf_CU* unit = nullptr;
    Dwarf_Die die;
    while (dwarf_get_units(dwarf_, unit, &unit, nullptr, nullptr, &die, nullptr) == 0) {
        const int tag = dwarf_tag(&die);
        if (tag != DW_TAG_compile_unit && tag != DW_TAG_skeleton_unit) continue;
        Slot* slot = &slots_.emplace_back(Slot{die, nullptr});
        for (const AddressRange& range : code_ranges(die, is_code_)) {
            by_address_.add(range.start, range.end, slot);
        }
    }
}

std::vector<DwarfUnit*> UnitIndex::units_at(std::uint64_t address) {
    std::vector<DwarfUnit*> units;
    by_address_.visit(address, [&](std::uint64_t, Slot* slot) {
        units.push_back(open(*slot));
        return Visit::go_on;
    });
    if (units.empty()) add_by_aranges(address, units);
    return units;
}

DwarfUnit* UnitIndex::open(Slot& slot) {
    if (slot.unit == nullptr) {
        const Dwarf_Die functions = whole_unit(slot.die);
        slot.unit = &units_.emplace_back(DwarfUnit{slot.die,
                                                   compilation_directory(slot.die),
                                                   functions,
                                                   FunctionIndex(functions, is_code_),
                                                   {}});
    }
    return slot.unit;
}

// For units that state no ranges of their own.
void UnitIndex::add_by_aranges(std::uint64_t address, std::vector<DwarfUnit*>& units) {
    Dwarf_Die die;
    if (dwarf_addrdie(dwarf_, address, &die) == nullptr) return;
    const auto slot = std::find_if(slots_.begin(), slots_.end(),
                                   [&](const Slot& each) { return each.die.addr == die.addr; });
    if (slot != slots_.end()) units.push_back(open(*slot));
}

}  // namespace leakcheck::elf
