// SPDX-License-Identifier: Apache-2.0
//
// Finds the live block that an address points into, for every word of a heap: one cache miss for most pointers to a
// block's start, two for others, which the caller can have fetched ahead.
//
// Blocks are sorted by address. The address space is cut into regions of 64 MiB, those that hold blocks into about
// as many slots as blocks begin there; a slot says which block is the first to begin in it or behind it, and where. From
// there the search is short. Memory: the list of blocks (16 bytes each), 8 to 16 bytes a block for slots, and
// 8 MiB at most for the list of regions, of which only what is used is touched.
//
// An address in several blocks (a pool made of a block, and blocks made of the pool) belongs to the one that
// begins last, unless it is behind its end: then to none. A block of no bytes is hit by its own address; the address
// one past the end of a block does not hit it.
// Thread safety: const after construction.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "runner/reach/live_block.hpp"

namespace leakcheck::reach {

using BlockNumber = std::uint32_t;  // position in the sorted list
inline constexpr BlockNumber most_blocks = std::uint32_t{1} << 31;

class LiveBlockIndex {
  public:
    struct Hit {
        BlockNumber block = 0;
        std::uint64_t offset = 0;  // bytes from the block's beginning; 0: a start pointer

        bool operator==(const Hit&) const = default;
    };

    // Takes at most most_blocks blocks, in any order; of two at one address the longer, and none beyond
    // address_limit.
    explicit LiveBlockIndex(LiveBlocks blocks);

    const LiveBlocks& blocks() const { return blocks_; }
    LiveBlocks take_blocks() && { return std::move(blocks_); }

    // The first block that begins at the address or behind it.
    BlockNumber first_from(std::uint64_t address) const;

    // False: no block is there. A look at one small table, for most words the only one.
    bool may_hold(std::uint64_t address) const {
        const std::uint64_t region = (address >> region_bits) - first_region_;
        return region < region_slots_.size() && region_slots_[region].exists();
    }
    // The two steps of a search, ahead of it: the address is one that may_hold() has let pass. Inlined by order, since
    // GCC before 14 takes a function that only fetches ahead for one without effect, and leaves out its calls.
    [[gnu::always_inline]] void fetch_slot(std::uint64_t address) const {
        __builtin_prefetch(&slots_[slot_of(address)]);
    }
    [[gnu::always_inline]] void fetch_block(std::uint64_t address) const {
        const Slot& slot = slots_[slot_of(address)];
        if (slot.begins_at(address)) return;
        const LiveBlock* const next = blocks_.data() + slot.next;
        __builtin_prefetch(next - 1);
        __builtin_prefetch(next);
    }
    std::optional<Hit> find(std::uint64_t address) const;

  private:
    static constexpr unsigned region_bits = 26;
    static constexpr std::uint64_t region_size = std::uint64_t{1} << region_bits;

    struct RegionSlots {
        std::uint32_t first = 0;  // in slots_
        std::uint32_t shift =
            0;  // a slot is 2^shift bytes wide; 0: there is no block in the region

        bool exists() const { return shift != 0; }
    };

    struct Slot {
        BlockNumber next = 0;           // the first block that begins in the slot or behind it
        std::uint32_t low_address = 0;  // of that, if it is in the slot; else of no address in it

        bool begins_at(std::uint64_t address) const {
            return static_cast<std::uint32_t>(address) == low_address;
        }
    };

    std::uint64_t slot_of(std::uint64_t address) const {
        const RegionSlots& region = region_slots_[(address >> region_bits) - first_region_];
        return region.first + ((address & (region_size - 1)) >> region.shift);
    }
    void make_regions();
    void make_slots(std::uint64_t region, BlockNumber first, BlockNumber end);

    LiveBlocks blocks_;
    std::uint64_t first_region_ = 0;
    std::vector<RegionSlots> region_slots_;
    HugeVector<Slot> slots_;
};

}  // namespace leakcheck::reach
