// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/holding_paths.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

#include "analysis/leak_kinds.hpp"

namespace leakcheck {
namespace {

using reach::ReachedFrom;

}  // namespace

reach::BlockNumber HoldingPaths::number_of(std::uint64_t address) const {
    const auto block = std::lower_bound(
        found_.blocks.begin(), found_.blocks.end(), address,
        [](const reach::LiveBlock& each, std::uint64_t key) { return each.address < key; });
    const bool is_there = block != found_.blocks.end() && block->address == address;
    return is_there ? static_cast<BlockNumber>(block - found_.blocks.begin())
                    : ReachedFrom::no_block;
}

void HoldingPaths::consider(std::uint64_t address, LeakKind shown, ExampleBlock& example) const {
    if (!known()) return;
    const BlockNumber block = number_of(address);
    if (block == ReachedFrom::no_block) return;
    const bool was_lost_earlier =
        lost_kinds.contains(shown) && !lost_kinds.contains(kind_of(block));
    if (was_lost_earlier) return;
    const ExampleBlock other{address, before(block).steps};
    if (std::tie(other.steps, other.address) < std::tie(example.steps, example.address))
        example = other;
}

// From what leads on to the block itself; round a ring, the block comes first.
std::vector<reach::BlockNumber> HoldingPaths::way_to(BlockNumber block) const {
    std::vector<BlockNumber> way{block};
    for (BlockNumber at = before(block).block; at != ReachedFrom::no_block && at != block;
         at = before(at).block) {
        way.push_back(at);
        // That this one is in a ring itself is another story.
        if (kind_of(at) == LeakKind::definite) break;
    }
    std::reverse(way.begin() + (kind_of(block) == LeakKind::definite ? 1 : 0), way.end());
    return way;
}

HoldingRoot HoldingPaths::root_of(const std::vector<BlockNumber>& way, LeakKind kind) const {
    if (kind == LeakKind::reachable || kind == LeakKind::possible)
        return found_.places.describe(before(way.front()).where);
    HoldingRoot root;
    if (kind == LeakKind::indirect) root.kind = RootKind::lost_block;
    if (kind == LeakKind::definite && way.size() > 1) root.kind = RootKind::ring;
    return root;
}

// The block is the one with this number in the way.
HoldingBlock HoldingPaths::describe(const std::vector<BlockNumber>& way, std::size_t number,
                                    RootKind root) const {
    const bool is_lost = number == 0 && root == RootKind::lost_block;
    const bool is_end = number + 1 == way.size() && root != RootKind::ring;
    HoldingBlock block;
    block.bytes = found_.blocks[way[number]].size;
    if (!is_lost) block.entered_at = before(way[number]).entered_at;
    if (!is_end) block.pointer_at = before(way[(number + 1) % way.size()]).where;
    return block;
}

HoldingPath HoldingPaths::path_to(std::uint64_t address, const StackOf& stack_of) const {
    HoldingPath path;
    const BlockNumber block = known() ? number_of(address) : ReachedFrom::no_block;
    if (block == ReachedFrom::no_block) return path;
    const std::vector<BlockNumber> way = way_to(block);
    path.root = root_of(way, kind_of(block));
    if (path.root.kind == RootKind::none) return path;
    if (way.size() > most_blocks_of_path) {
        path.cut_at = most_blocks_of_path / 2;
        path.left_out = way.size() - most_blocks_of_path;
    }
    for (std::size_t i = 0; i < way.size(); i += i + 1 == path.cut_at ? path.left_out + 1 : 1) {
        path.blocks.push_back(describe(way, i, path.root.kind));
        path.blocks.back().stack = stack_of(found_.blocks[way[i]].address);
    }
    return path;
}

}  // namespace leakcheck
