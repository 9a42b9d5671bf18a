// SPDX-License-Identifier: Apache-2.0
//
// The compilation units of a module's debug information by address. Built from the units' own
// ranges, since not every compiler writes .debug_aranges. Units of split debug information (.dwo)
// are opened when an address falls into them. Addresses are those of the debug file. Ownership:
// points into the Dwarf, which must outlive the index. Thread safety: none.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "runner/elf/dwarf_functions.hpp"
#include "runner/elf/interval_index.hpp"
#include "runner/elf/source_paths.hpp"

namespace leakcheck::elf {

// Where what is in a unit is described: in itself, or in the .dwo file that its skeleton names.
Dwarf_Die whole_unit(Dwarf_Die& unit);

struct LineRecord {
    const char* file = nullptr;  // as the line table has it; lives as long as the Dwarf
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

struct DwarfUnit {
    Dwarf_Die die;  // with the line table
    std::string directory;
    Dwarf_Die functions_die;  // where the functions are: the same, or the unit of the .dwo file
    FunctionIndex functions;

    std::unordered_map<const char*, const SourcePlace*> places;  // of the files asked for so far

    std::optional<LineRecord> line_at(std::uint64_t address);
    // Where the code begins that has the same line as an address; the address itself if unknown.
    std::uint64_t row_start(std::uint64_t address);
    // Of DW_AT_call_file and the like; null if unknown. Lives as long as the Dwarf.
    const char* file_name(std::uint64_t index);
};

class UnitIndex {
  public:
    UnitIndex(Dwarf* dwarf, IsCodeFn is_code);

    // The units that claim an address, the most likely first; usually one.
    std::vector<DwarfUnit*> units_at(std::uint64_t address);

  private:
    struct Slot {
        Dwarf_Die die;
        DwarfUnit* unit = nullptr;
    };
    DwarfUnit* open(Slot& slot);
    void add_by_aranges(std::uint64_t address, std::vector<DwarfUnit*>& units);

    Dwarf* dwarf_;
    IsCodeFn is_code_;
    std::deque<Slot> slots_;
    std::deque<DwarfUnit> units_;
    IntervalIndex<Slot*> by_address_;
};

}  // namespace leakcheck::elf
