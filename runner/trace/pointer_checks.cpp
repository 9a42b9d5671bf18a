// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/pointer_checks.hpp"

#include <algorithm>

#include "runner/trace/snapshot_ids.hpp"

namespace leakcheck {
namespace {

constexpr std::uint64_t kind_bits = 7;

LeakKind kind_in_sample(LeakKind kind) {
    switch (kind) {
        case LeakKind::definite:
        case LeakKind::unclassified:
            return kind;
        default:
            return LeakKind::referenced;
    }
}

PointerCheck describe_check(std::uint32_t process, const reach::Reachability& found) {
    PointerCheck check;
    check.process = process_id(process);
    if (found.failure) check.failure = reach::describe(*found.failure);
    check.threads = found.counts.threads;
    check.scanned_bytes = found.counts.root_bytes + found.counts.block_bytes;
    check.unread_bytes = found.counts.unread_root_bytes + found.counts.unread_block_bytes;
    check.pause_ns = static_cast<std::uint64_t>(found.counts.pause.count());
    check.kept_paths = !found.marks.reached_from.empty() || found.blocks.empty();
    return check;
}

}  // namespace

// A block that is not among them was made after the look, by a thread that was still at work: it has
// had no time to lose it.
BlockKinds::BlockKinds(const reach::Reachability& found, EndCheck check)
    : others_(LeakKind::reachable) {
    kinds_.reserve(found.blocks.size());
    for (std::size_t i = 0; i < found.blocks.size(); ++i) {
        const LeakKind kind = found.marks.kinds[i];
        const LeakKind shown = check == EndCheck::all_blocks ? kind : kind_in_sample(kind);
        kinds_.push_back((found.blocks[i].address & ~kind_bits) |
                         static_cast<std::uint64_t>(shown));
        if (shown != LeakKind::indirect) continue;
        IndirectBlocks& sum = behind_[found.blocks[found.marks.leaders[i]].address];
        ++sum.blocks;
        sum.bytes += found.blocks[i].size;
    }
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
    ++group.blocks;
    group.bytes += size;
    group.bytes_squared += static_cast<double>(size) * static_cast<double>(size);
    group.largest = std::max(group.largest, size);
    if (group.kind != LeakKind::definite) return;
    const IndirectBlocks behind = kinds.behind(address);
    group.indirect_blocks += behind.blocks;
    group.indirect_bytes += behind.bytes;
}

void PointerChecks::look_at(const EndingProcess& ending, const reach::ListBlocks& list_blocks) {
    reach::ReachabilityOptions options;
    options.ending_stack = ending.stack;
    options.ignored_paths = ignored_paths_;
    // What hangs on a block that is not in the list is only found by looking at all of the heap.
    options.heaps_are_roots =
        check_ == EndCheck::sample || ending.inheritance == Inheritance::blocks;
    options.most_with_places = most_blocks_with_paths - blocks_with_paths_;
    reach::Reachability found = reach::classify(ending.pid, list_blocks, options);
    kinds_.insert_or_assign(ending.process, BlockKinds(found, check_));
    records_.push_back(describe_check(ending.process, found));
    if (found.marks.reached_from.empty()) return;
    blocks_with_paths_ += found.blocks.size();
    paths_.insert_or_assign(ending.process, HoldingPaths(std::move(found)));
}

const HoldingPaths& PointerChecks::paths_of(std::uint32_t process) const {
    const auto paths = paths_.find(process);
    return paths == paths_.end() ? no_paths_ : paths->second;
}

const BlockKinds& PointerChecks::of(std::uint32_t process) const {
    const auto kinds = kinds_.find(process);
    return kinds == kinds_.end() ? unseen_ : kinds->second;
}

}  // namespace leakcheck
