// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/test_ends.hpp"

#include <algorithm>

#include "analysis/leak_kinds.hpp"
#include "runner/trace/group_sums.hpp"
#include "runner/trace/snapshot_ids.hpp"

namespace leakcheck {
namespace {

bool is_same(const OwnedBlock& a, const OwnedBlock& b) {
    return a.address == b.address && a.size == b.size && a.owner == b.owner;
}

const OwnedBlock* find_block(const std::vector<OwnedBlock>& live, std::uint64_t address) {
    const auto place = std::lower_bound(
        live.begin(), live.end(), address,
        [](const OwnedBlock& block, std::uint64_t wanted) { return block.address < wanted; });
    return place != live.end() && place->address == address ? &*place : nullptr;
}

// Its number in what was found; the number of blocks if it is not among them.
std::size_t find_number(const reach::Reachability& found, const OwnedBlock& block) {
    const auto place = std::lower_bound(
        found.blocks.begin(), found.blocks.end(), block.address,
        [](const reach::LiveBlock& one, std::uint64_t wanted) { return one.address < wanted; });
    const bool is_there =
        place != found.blocks.end() && place->address == block.address && place->size == block.size;
    return is_there ? static_cast<std::size_t>(place - found.blocks.begin()) : found.blocks.size();
}

}  // namespace

void TestEnds::remember(std::uint32_t process, const reach::Reachability& found,
                        const std::vector<TracedBlock>& blocks) {
    Outlivings& outlivings = processes_[process];
    for (const TracedBlock& traced : blocks) {
        Outliving& outliving = outlivings[traced.block.address];
        if (outliving.is_lost && is_same(outliving.traced.block, traced.block)) continue;
        outliving = {traced, false, {}};
        const std::size_t number = find_number(found, traced.block);
        if (number == found.blocks.size()) continue;
        const LeakKind kind = found.marks.kinds[number];
        outliving.is_lost = lost_kinds.contains(kind);
        outliving.lost = {kind, found.blocks[found.marks.leaders[number]].address};
    }
}

void TestEnds::take_freed(std::uint32_t process, std::uint32_t owner,
                          const std::vector<OwnedBlock>& live) {
    const auto outlivings = processes_.find(process);
    if (outlivings == processes_.end()) return;
    std::erase_if(outlivings->second, [&](const auto& entry) {
        const TracedBlock& traced = entry.second.traced;
        const OwnedBlock* const now = find_block(live, entry.first);
        if (now != nullptr && is_same(*now, traced.block)) return false;
        add_released(process, traced, owner);
        return true;
    });
}

void TestEnds::add_released(std::uint32_t process, const TracedBlock& traced,
                            std::uint32_t released_in) {
    const OwnedBlock& block = traced.block;
    LiveGroup& group = released_[{process, block.owner, traced.stack, traced.origin, released_in}];
    group.process = process_id(process);
    group.owner = owner_id(block.owner);
    group.stack = StackId{traced.stack};
    group.stack_origin = traced.origin;
    group.kind = LeakKind::released_late;
    group.released_in = owner_id(released_in);
    add_size(group, block.size);
}

LostBlocks TestEnds::lost(std::uint32_t process) const {
    LostBlocks lost;
    const auto outlivings = processes_.find(process);
    if (outlivings == processes_.end()) return lost;
    for (const auto& [address, outliving] : outlivings->second)
        if (outliving.is_lost)
            lost.emplace(address, LostWithSize{outliving.traced.block.size, outliving.lost});
    return lost;
}

std::vector<LiveGroup> TestEnds::released() const {
    std::vector<LiveGroup> groups;
    groups.reserve(released_.size());
    for (const auto& [key, group] : released_) groups.push_back(group);
    return groups;
}

}  // namespace leakcheck
