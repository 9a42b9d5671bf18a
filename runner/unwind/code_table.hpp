// SPDX-License-Identifier: Apache-2.0
//
// The call frame information of an object, as rows of rules: for each address of its code, how to get
// from a frame there to its caller's. Read from .eh_frame; what that leaves uncovered from
// .debug_frame. Addresses are virtual ones of the object (as objdump shows them). Hostile objects give
// poor tables, but take no more time and memory than their size explains. Thread safety: none.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "runner/elf/elf_file.hpp"
#include "runner/unwind/code_rows.hpp"
#include "runner/unwind/rule_set.hpp"

namespace leakcheck::unwind {

struct CodeTable {
    std::uint64_t start = 0;  // of the object's code, aligned down to LEAKCHECK_UNWIND_BUCKET_SIZE
    std::uint64_t end = 0;    // of its code, less than 4 GiB behind
    std::vector<CodeRow> rows;  // the first at start, the last says that there is no information
    std::string problem;        // why there are no rows: one line; else empty
};

// Where to look for debug information that was moved to a file of its own. It is asked for only when
// the object itself covers less than half of its code.
struct DebugFilePlaces {
    std::filesystem::path object;  // the path the object was opened by
    std::vector<std::filesystem::path> directories{"/usr/lib/debug"};
};

// Decompresses .debug_frame in place, in libelf's memory, where it is compressed.
CodeTable read_code_table(const elf::ElfFile& file, RuleSet& rules, const DebugFilePlaces& places);

// Of an ELF object that was copied from memory, as it lies there: the vDSO.
CodeTable read_code_table(std::string_view memory, RuleSet& rules);

}  // namespace leakcheck::unwind
