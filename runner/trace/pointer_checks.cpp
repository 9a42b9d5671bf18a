// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/pointer_checks.hpp"

#include <algorithm>

#include "runner/trace/group_sums.hpp"
#include "runner/trace/snapshot_ids.hpp"

namespace leakcheck {
namespace {

constexpr std::uint64_t kind_bits = 7;
constexpr std::uint32_t outside_tests = 0;  // an owner

LeakKind kind_in_sample(LeakKind kind) {
    switch (kind) {
        case LeakKind::definite:
        case LeakKind::unclassified:
            return kind;
        default:
            return LeakKind::referenced;
    }
}

void describe_end(PointerCheck& check, const reach::Reachability& found) {
    if (found.failure) check.failure = reach::describe(*found.failure);
    check.threads = found.counts.threads;
    check.scanned_bytes = found.counts.root_bytes + found.counts.block_bytes;
    check.unread_bytes = found.counts.unread_root_bytes + found.counts.unread_block_bytes;
    check.pause_ns = static_cast<std::uint64_t>(found.counts.pause.count());
    check.kept_paths = !found.marks.reached_from.empty() || found.blocks.empty();
}

void describe_test_end(PointerCheck& check, const reach::Reachability& found) {
    ++check.test_ends;
    check.failed_test_ends += found.failure ? 1 : 0;
    check.test_ends_pause_ns += static_cast<std::uint64_t>(found.counts.pause.count());
}

// In the order of addresses.
std::vector<OwnedBlock> all_blocks(const BlockLists& lists) {
    std::vector<OwnedBlock> blocks;
    lists.for_each([&blocks](const OwnedBlock& block) { blocks.push_back(block); });
    std::sort(blocks.begin(), blocks.end(),
              [](const OwnedBlock& a, const OwnedBlock& b) { return a.address < b.address; });
    return blocks;
}

// What hung on a block that was lost earlier hangs on what that one hung on then.
std::uint64_t leader_of(std::uint64_t leader, const LostBlocks& lost) {
    const auto earlier = lost.find(leader);
    return earlier != lost.end() ? earlier->second.its.leader : leader;
}

}  // namespace

BlockKinds::BlockKinds(const LostBlocks& lost, LeakKind others) : others_(others) {
    kinds_.reserve(lost.size());
    for (const auto& [address, block] : lost) add(address, block.size, block.its);
}

// A block that is not among them was made after the look, by a thread that was still at work: it has
// had no time to lose it.
BlockKinds::BlockKinds(const reach::Reachability& found, EndCheck check, const LostBlocks& lost)
    : others_(LeakKind::reachable) {
    kinds_.reserve(found.blocks.size());
    for (std::size_t i = 0; i < found.blocks.size(); ++i) {
        const auto& [address, size] = found.blocks[i];
        const auto earlier = lost.find(address);
        if (earlier != lost.end() && earlier->second.size == size) {
            add(address, size, earlier->second.its);
            continue;
        }
        const LeakKind kind = found.marks.kinds[i];
        add(address, size,
            {check == EndCheck::all_blocks ? kind : kind_in_sample(kind),
             leader_of(found.blocks[found.marks.leaders[i]].address, lost)});
    }
}

void BlockKinds::add(std::uint64_t address, std::uint64_t size, const LostBlock& its) {
    kinds_.push_back((address & ~kind_bits) | static_cast<std::uint64_t>(its.kind));
    if (its.kind != LeakKind::indirect) return;
    IndirectBlocks& sum = behind_[its.leader];
    ++sum.blocks;
    sum.bytes += size;
}

LeakKind BlockKinds::kind_of(std::uint64_t address) const {
    const auto place = std::lower_bound(kinds_.begin(), kinds_.end(), address & ~kind_bits);
    if (place == kinds_.end() || (*place & ~kind_bits) != (address & ~kind_bits)) return others_;
    return static_cast<LeakKind>(*place & kind_bits);
}

IndirectBlocks BlockKinds::behind(std::uint64_t address) const {
    const auto sum = behind_.find(address);
    return sum == behind_.end() ? IndirectBlocks{} : sum->second;
}

void add_block(LiveGroup& group, std::uint64_t address, std::uint64_t size,
               const BlockKinds& kinds) {
    add_size(group, size);
    if (group.kind != LeakKind::definite) return;
    const IndirectBlocks behind = kinds.behind(address);
    group.indirect_blocks += behind.blocks;
    group.indirect_bytes += behind.bytes;
}

reach::Reachability PointerChecks::look_at(const EndingProcess& ending, const BlockLists& lists,
                                           std::size_t most_with_places) const {
    reach::ReachabilityOptions options;
    options.ending_stack = ending.stack;
    options.ignored_paths = ignored_paths_;
    options.is_in_motion = lists.is_moving;
    // What hangs on a block that is not in the list is only found by looking at all of the heap.
    options.heaps_are_roots =
        check_ == EndCheck::sample || ending.inheritance == Inheritance::blocks;
    options.most_with_places = most_with_places;
    const auto list_blocks = [&lists] {
        reach::LiveBlocks blocks;
        lists.for_each([&blocks](const OwnedBlock& block) {
            blocks.push_back({block.address, block.size});
        });
        return blocks;
    };
    return reach::classify(ending.pid, list_blocks, options);
}

void PointerChecks::look_at_end(const EndingProcess& ending, const BlockLists& lists) {
    if (test_ends_.has_any(ending.process))
        test_ends_.take_freed(ending.process, outside_tests, all_blocks(lists));
    reach::Reachability found = look_at(ending, lists, most_blocks_with_paths - blocks_with_paths_);
    kinds_.insert_or_assign(ending.process,
                            BlockKinds(found, check_, test_ends_.lost(ending.process)));
    describe_end(record_of(ending.process), found);
    if (found.marks.reached_from.empty()) return;
    blocks_with_paths_ += found.blocks.size();
    paths_.insert_or_assign(ending.process, HoldingPaths(std::move(found)));
}

void PointerChecks::look_at_test_end(const EndingProcess& ending, std::uint32_t owner,
                                     const BlockLists& lists) {
    const std::vector<OwnedBlock> live = all_blocks(lists);
    test_ends_.take_freed(ending.process, owner, live);
    const bool is_clean = std::none_of(live.begin(), live.end(), [owner](const OwnedBlock& block) {
        return block.owner == owner;
    });
    if (is_clean) return;
    const reach::Reachability found = look_at(ending, lists, 0);
    test_ends_.remember(ending.process, found, lists.made_by(owner));
    kinds_.insert_or_assign(ending.process,
                            BlockKinds(test_ends_.lost(ending.process), LeakKind::unclassified));
    describe_test_end(record_of(ending.process), found);
}

PointerCheck& PointerChecks::record_of(std::uint32_t process) {
    PointerCheck& record = records_[process];
    record.process = process_id(process);
    return record;
}

const HoldingPaths& PointerChecks::paths_of(std::uint32_t process) const {
    const auto paths = paths_.find(process);
    return paths == paths_.end() ? no_paths_ : paths->second;
}

const BlockKinds& PointerChecks::of(std::uint32_t process) const {
    const auto kinds = kinds_.find(process);
    return kinds == kinds_.end() ? unseen_ : kinds->second;
}

std::vector<PointerCheck> PointerChecks::records() const {
    std::vector<PointerCheck> records;
    records.reserve(records_.size());
    for (const auto& [process, record] : records_) records.push_back(record);
    return records;
}

}  // namespace leakcheck
