// SPDX-License-Identifier: Apache-2.0
//
// Lays a code table out as words of unwind memory, as abi/unwind_tables.h describes them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "runner/unwind/code_table.hpp"

namespace leakcheck::unwind {

struct PackedTable {
    std::vector<std::uint32_t> words;  // to be written one after another from the first word on
    std::uint32_t index = 0;           // word number of the table's index; 0: it has no rows
    std::uint32_t buckets = 0;         // from CodeTable::start on
};

// `first_word` is the number of the first free word of unwind memory, at least 1. Nothing when the
// table does not fit into what is left of LEAKCHECK_UNWIND_SLABS slabs.
std::optional<PackedTable> pack(const CodeTable& table, std::uint32_t first_word);

}  // namespace leakcheck::unwind
