// SPDX-License-Identifier: Apache-2.0
//
// The stacks that stand for the contexts of a table (abi/counted_table.h). Errors: none. Thread safety: none.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "abi/counted_table.h"
#include "analysis/snapshot.hpp"

namespace leakcheck {

class ContextStacks {
  public:
    // `map`: of the BPF programs, with a stack for each context that was traced. `contexts` outlives the object.
    ContextStacks(std::uint32_t process, int map, std::span<const leakcheck_context> contexts)
        : process_(process), map_(map), contexts_(contexts), stacks_(contexts.size(), unknown) {}

    // 0: none was kept.
    std::uint64_t of(std::uint32_t context);
    // Nothing more can differ: all stacks of the context are this one.
    bool is_whole(std::uint32_t context) const;
    // Stacks of one frame, of contexts that were never traced and have been asked for.
    const std::vector<StackRecord>& callers() const { return callers_; }
    // Takes the contexts out of the map, to make room for other processes.
    void clear_map() const;

  private:
    static constexpr std::uint64_t unknown = ~std::uint64_t{0};

    std::uint64_t add_caller(std::uint32_t context);

    std::uint32_t process_;
    int map_;
    std::span<const leakcheck_context> contexts_;
    std::vector<std::uint64_t> stacks_;
    std::vector<StackRecord> callers_;
};

}  // namespace leakcheck
