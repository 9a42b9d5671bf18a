// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/live_block_index.hpp"

#include <algorithm>
#include <bit>

namespace leakcheck::reach {
namespace {

constexpr unsigned narrowest_slot_bits = 6;

bool comes_before(const LiveBlock& one, const LiveBlock& two) {
    return one.address != two.address ? one.address < two.address : one.size > two.size;
}

// Sizes come from a table that the process can write: kept from running over the end of the address space.
void make_sane(LiveBlocks& blocks) {
    std::erase_if(blocks, [](const LiveBlock& block) { return block.address >= address_limit; });
    for (LiveBlock& block : blocks)
        block.size = std::min(block.size, address_limit - block.address);
    if (!std::is_sorted(blocks.begin(), blocks.end(), comes_before))
        std::sort(blocks.begin(), blocks.end(), comes_before);
    const auto same_address = [](const LiveBlock& one, const LiveBlock& two) {
        return one.address == two.address;
    };
    blocks.erase(std::unique(blocks.begin(), blocks.end(), same_address), blocks.end());
    if (blocks.size() > most_blocks) blocks.resize(most_blocks);
}

std::uint64_t last_address(const LiveBlock& block) {
    return block.address + std::max<std::uint64_t>(block.size, 1) - 1;
}

}  // namespace

LiveBlockIndex::LiveBlockIndex(LiveBlocks blocks) : blocks_(std::move(blocks)) {
    make_sane(blocks_);
    if (!blocks_.empty()) make_regions();
}

// Also those in which no block begins but one reaches into.
void LiveBlockIndex::make_regions() {
    std::uint64_t end = 0;
    for (const LiveBlock& block : blocks_) end = std::max(end, last_address(block));
    first_region_ = blocks_.front().address >> region_bits;
    region_slots_.resize((end >> region_bits) - first_region_ + 1);
    slots_.reserve(2 * blocks_.size());
    std::uint64_t next_region = first_region_;
    for (BlockNumber block = 0; block < blocks_.size();) {
        next_region = std::max(next_region, blocks_[block].address >> region_bits);
        const BlockNumber after = first_from((next_region + 1) << region_bits);
        std::uint64_t reached = 0;
        for (BlockNumber i = block; i < after; ++i)
            reached = std::max(reached, last_address(blocks_[i]) >> region_bits);
        make_slots(next_region++, block, after);
        const std::uint64_t next_start =
            after < blocks_.size() ? blocks_[after].address >> region_bits : reached + 1;
        for (; next_region <= reached && next_region < next_start; ++next_region)
            make_slots(next_region, after, after);
        block = after;
    }
}

void LiveBlockIndex::make_slots(std::uint64_t region, BlockNumber first, BlockNumber end) {
    const unsigned bits =
        std::min<unsigned>(std::bit_width(end - first), region_bits - narrowest_slot_bits);
    const unsigned shift = region_bits - bits;
    region_slots_[region - first_region_] = {static_cast<std::uint32_t>(slots_.size()), shift};
    BlockNumber block = first;
    for (std::uint64_t slot = 0; slot < std::uint64_t{1} << bits; ++slot) {
        const std::uint64_t start = (region << region_bits) + (slot << shift);
        while (block < end && blocks_[block].address < start) ++block;
        const bool is_here = block < end && blocks_[block].address - start < std::uint64_t{1}
                                                                                 << shift;
        // Inverted, the bits above a region's size are wrong for all addresses of the slot.
        const std::uint64_t address = is_here ? blocks_[block].address : ~start;
        slots_.push_back({block, static_cast<std::uint32_t>(address)});
    }
    slots_.push_back({end, 0});
}

BlockNumber LiveBlockIndex::first_from(std::uint64_t address) const {
    const auto found =
        std::partition_point(blocks_.begin(), blocks_.end(),
                             [&](const LiveBlock& block) { return block.address < address; });
    return static_cast<BlockNumber>(found - blocks_.begin());
}

std::optional<LiveBlockIndex::Hit> LiveBlockIndex::find(std::uint64_t address) const {
    if (!may_hold(address)) return std::nullopt;
    const Slot* const slot = slots_.data() + slot_of(address);
    if (slot->begins_at(address)) return Hit{slot->next, 0};
    const auto behind = std::upper_bound(
        blocks_.begin() + slot->next, blocks_.begin() + (slot + 1)->next, address,
        [](std::uint64_t key, const LiveBlock& block) { return key < block.address; });
    if (behind == blocks_.begin()) return std::nullopt;
    const LiveBlock& block = *(behind - 1);
    const std::uint64_t offset = address - block.address;
    if (offset != 0 && offset >= block.size) return std::nullopt;
    return Hit{static_cast<BlockNumber>(behind - 1 - blocks_.begin()), offset};
}

}  // namespace leakcheck::reach
