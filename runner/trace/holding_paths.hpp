// SPDX-License-Identifier: Apache-2.0
//
// What keeps the blocks of one process, as a look at its pointers has found it: a short way to each. Sizes in bytes.
// Memory: 45 bytes for each block that was live. Errors: none. Thread safety: const after construction.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "analysis/holding_path.hpp"
#include "runner/reach/reachability.hpp"

namespace leakcheck {

// Of many blocks the one to show: fewest steps away from what keeps it, of those the one at the lowest address, so
// that it is the same one in whatever order they come.
struct ExampleBlock {
    std::uint64_t address = 0;
    std::uint32_t steps = std::numeric_limits<std::uint32_t>::max();
};

class HoldingPaths {
  public:
    // Nothing is known.
    HoldingPaths() = default;
    // Of a look that kept places.
    explicit HoldingPaths(reach::Reachability found) : found_(std::move(found)) {}

    bool known() const { return !found_.marks.reached_from.empty(); }
    // The block takes the example's place if it is a better one. `shown`: its kind; what points to a block that was
    // lost before that look does not keep it.
    void consider(std::uint64_t address, LeakKind shown, ExampleBlock& example) const;

    // The stack that allocated the live block at an address.
    using StackOf = std::function<StackId(std::uint64_t address)>;
    // Of root kind `none` where nothing is known, or nothing leads to the block.
    HoldingPath path_to(std::uint64_t address, const StackOf& stack_of) const;

  private:
    using BlockNumber = reach::BlockNumber;

    const reach::ReachedFrom& before(BlockNumber block) const {
        return found_.marks.reached_from[block];
    }
    LeakKind kind_of(BlockNumber block) const { return found_.marks.kinds[block]; }
    // No block's number: it was made after the look.
    BlockNumber number_of(std::uint64_t address) const;
    std::vector<BlockNumber> way_to(BlockNumber block) const;
    HoldingRoot root_of(const std::vector<BlockNumber>& way, LeakKind kind) const;
    HoldingBlock describe(const std::vector<BlockNumber>& way, std::size_t number,
                          RootKind root) const;

    reach::Reachability found_;
};

}  // namespace leakcheck
