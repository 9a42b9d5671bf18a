// SPDX-License-Identifier: Apache-2.0
//
// What one table comes to: live blocks in groups, and what each owner allocated. Errors: TraceError.
#pragma once

#include "runner/trace/block_tables.hpp"

namespace leakcheck {

void sum_up(const CountedTable& table, Tables kind, std::uint32_t process,
            const BlockTables::Maps& maps, const PointerChecks& checks, CountedBlocks& sums);

// Each live block and whose turn it was made in.
void visit_blocks(const CountedTable& table, const BlockLists::Visit& visit);

// Those of one owner, with their stacks, of which the table's own (CountedBlocks::stacks) are added to `stacks`.
void visit_owners_blocks(const CountedTable& table, std::uint32_t process, std::uint32_t owner,
                         const BlockTables::Maps& maps,
                         const std::function<void(const TracedBlock&)>& visit,
                         std::vector<StackRecord>& stacks);

}  // namespace leakcheck
