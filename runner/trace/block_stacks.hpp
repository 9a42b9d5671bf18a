// SPDX-License-Identifier: Apache-2.0
//
// Where the blocks of a table were made, and why they may stay. Errors: none. Thread safety: none.
#pragma once

#include <cstdint>

#include "runner/trace/block_tables.hpp"
#include "runner/trace/context_stacks.hpp"

namespace leakcheck {

struct StackOfBlock {
    std::uint64_t stack = 0;
    std::uint32_t note = 0;
    StackOrigin origin = StackOrigin::representative;
};

class BlockStacks {
  public:
    // `maps` and `table` outlive the object.
    BlockStacks(const CountedTable& table, std::uint32_t process, const BlockTables::Maps& maps)
        : process_(process), maps_(maps), contexts_(process, maps.contexts, table.contexts()) {}

    // `context`: of the record's account.
    StackOfBlock of(std::uint64_t address, std::uint64_t record, std::uint32_t context);
    ContextStacks& contexts() { return contexts_; }

  private:
    std::uint32_t process_;
    const BlockTables::Maps& maps_;
    ContextStacks contexts_;
};

}  // namespace leakcheck
