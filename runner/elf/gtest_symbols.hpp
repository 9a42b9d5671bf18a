// SPDX-License-Identifier: Apache-2.0
//
// What the symbols of an object say about GoogleTest in it. Thread safety: a free function without
// state.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "runner/elf/debug_session.hpp"
#include "runner/elf/elf_file.hpp"
#include "runner/elf/gtest_sites.hpp"

namespace leakcheck::elf {

struct GtestSymbols {
    bool any = false;  // a function of GoogleTest's own is defined here
    std::map<TestSiteKind, std::uint64_t>
        repeater;  // methods of TestEventRepeater, module's addresses
    std::optional<std::uint64_t> test_info_run;
    std::optional<StringLayout> strings;  // by the parameters of GoogleTest's functions
};

// `session` may be null: symbols are then those of the file alone.
GtestSymbols gtest_symbols(const ElfFile& file, const DebugSession* session);

// The layout by what an object without GoogleTest's symbols imports and links; libstdc++'s current
// one where nothing speaks against it.
StringLayout imported_string_layout(const ElfFile& file);

}  // namespace leakcheck::elf
