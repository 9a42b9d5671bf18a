// SPDX-License-Identifier: Apache-2.0
//
// GoogleTest's event repeater found without symbols. Run-time type information survives stripping:
// the name of the class, the typeinfo object that points to it, the virtual table that points to
// that. The functions in the table stand in the order of their declaration, which tells which is
// which. Thread safety: free functions without state. Errors: what is missing or ambiguous gives an
// empty list.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "runner/elf/elf_file.hpp"
#include "runner/elf/gtest_sites.hpp"
#include "runner/elf/pointer_table.hpp"

namespace leakcheck::elf {

inline constexpr std::string_view kRepeaterTypeName = "N7testing8internal17TestEventRepeaterE";

// The virtual functions of a class by its typeinfo name (Itanium C++ ABI, 2.5.2 and 2.9.5); empty
// unless there is exactly one primary table for it.
std::vector<std::uint64_t> virtual_functions(const ElfFile& file, const PointerTable& pointers,
                                             std::string_view type_name);

// What each virtual function of a listener is in a table of this many; empty for a size that no
// version of GoogleTest has. Functions that are of no use here are left out.
struct ListenerSlot {
    TestSiteKind kind{};
    std::size_t slot = 0;  // index in the table, destructors included
};
std::vector<ListenerSlot> listener_slots(std::size_t table_size);

struct VirtualSite {
    TestSiteKind kind{};
    std::uint64_t address = 0;  // module's own
};
std::vector<VirtualSite> repeater_functions(const ElfFile& file);

}  // namespace leakcheck::elf
