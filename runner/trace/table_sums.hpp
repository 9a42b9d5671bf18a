// SPDX-License-Identifier: Apache-2.0
//
// What one table comes to: live blocks in groups, and what each owner allocated. Errors: TraceError.
#pragma once

#include "runner/trace/block_tables.hpp"

namespace leakcheck {

void sum_up(const CountedTable& table, Tables kind, std::uint32_t process,
            const BlockTables::Maps& maps, const PointerChecks& checks, CountedBlocks& sums);

}  // namespace leakcheck
