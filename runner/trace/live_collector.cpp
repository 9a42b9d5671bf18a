// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/live_collector.hpp"

#include <algorithm>

#include "runner/trace/bpf_map.hpp"
#include "runner/trace/snapshot_ids.hpp"
#include "runner/trace/weight.hpp"

namespace leakcheck {
namespace {

// What is left of blocks that are in a table: they are summed up from there.
bool is_counted(const leakcheck_live& block) {
    return (block.flags & LEAKCHECK_LIVE_COUNTED) != 0;
}

}  // namespace

void LiveCollector::for_each_block(std::uint32_t process, const Visit& visit) const {
    for_each_entry<leakcheck_live_key, leakcheck_live>(
        live_map_, [&](const leakcheck_live_key& key, const leakcheck_live& block) {
            if (key.process == process && !is_counted(block))
                visit({{key.address, block.size, block.owner}, block.stack, StackOrigin::own});
        });
}

std::uint64_t LiveCollector::sweep(const EndFn& end_of) {
    std::vector<leakcheck_live_key> taken;
    for_each_entry<leakcheck_live_key, leakcheck_live>(
        live_map_, [&](const leakcheck_live_key& key, const leakcheck_live& block) {
            const std::uint64_t end_ns = end_of(key.process);
            if (end_ns == 0) return;
            if (!is_counted(block)) add(key, block, end_ns);
            taken.push_back(key);
        });
    find_paths();
    for (const leakcheck_live_key& key : taken) bpf_map_delete_elem(live_map_, &key);
    return taken.size();
}

std::vector<LiveGroup> LiveCollector::finish(const EndFn& end_of, std::uint64_t now_ns) {
    for_each_entry<leakcheck_live_key, leakcheck_live>(
        live_map_, [&](const leakcheck_live_key& key, const leakcheck_live& block) {
            const std::uint64_t end_ns = end_of(key.process);
            if (!is_counted(block)) add(key, block, end_ns != 0 ? end_ns : now_ns);
        });
    find_paths();
    std::vector<LiveGroup> groups;
    for (auto& [key, group] : groups_) groups.push_back(std::move(group.sums));
    groups_.clear();
    return groups;
}

void LiveCollector::find_paths() {
    for (auto& [key, group] : groups_) {
        if (group.example.address == 0) continue;
        const std::uint32_t process = std::get<0>(key);
        group.sums.held_by = checks_.paths_of(process).path_to(
            group.example.address,
            [&](std::uint64_t address) { return stack_of(process, address); });
        group.example = {};
    }
}

StackId LiveCollector::stack_of(std::uint32_t process, std::uint64_t address) const {
    const leakcheck_live_key key{process, 0, address};
    leakcheck_live block{};
    return bpf_map_lookup_elem(live_map_, &key, &block) == 0 ? StackId{block.stack} : StackId{};
}

void LiveCollector::add(const leakcheck_live_key& key, const leakcheck_live& block,
                        std::uint64_t end_ns) {
    const bool libc_owned = (block.flags & LEAKCHECK_LIVE_LIBC_OWNED) != 0;
    const bool young = end_ns < block.time_ns + min_age_ns_;
    const std::uint32_t repetition =
        repetitions_ > 1 ? std::min<std::uint32_t>(block.iteration, repetitions_) : 0;
    const BlockKinds& kinds = checks_.of(key.process);
    const LeakKind kind = kinds.kind_of(key.address);
    auto& [group, example] = groups_[{key.process, block.owner, block.stack, block.note, libc_owned,
                                      young, block.weight, repetition, kind}];
    if (group.blocks == 0) {
        group.process = process_id(key.process);
        group.owner = owner_id(block.owner);
        group.stack = StackId{block.stack};
        group.note = NoteId{block.note};
        group.libc_owned = libc_owned;
        group.weight = weight_of(block.weight);
        group.repetition = repetition;
        group.kind = kind;
        group.oldest_ns = block.time_ns;
    }
    add_block(group, key.address, block.size, kinds);
    checks_.paths_of(key.process).consider(key.address, kind, example);
    group.oldest_ns = std::min<std::uint64_t>(group.oldest_ns, block.time_ns);
    group.newest_ns = std::max<std::uint64_t>(group.newest_ns, block.time_ns);
}

}  // namespace leakcheck
