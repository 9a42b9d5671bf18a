// SPDX-License-Identifier: Apache-2.0
#include "analysis/attribute.hpp"

#include <algorithm>
#include <unordered_map>

#include "analysis/frame_class.hpp"

namespace leakcheck {
namespace {

using Reasons = std::unordered_map<NoteId, const std::string*>;

Reasons reasons_of_known_leaks(const Snapshot& snapshot) {
    Reasons reasons;
    for (const NoteRecord& note : snapshot.notes) {
        if (note.kind == NoteKind::known_leak) reasons.emplace(note.id, &note.text);
    }
    return reasons;
}

void add(BlockSum& sum, const LiveGroup& group) {
    sum.blocks += group.blocks;
    sum.bytes += group.bytes;
}

// By its oldest block: a group of mixed ages counts as old.
bool is_younger(const LiveGroup& group, const ProcessRecord& process, std::uint64_t taken_ns,
                std::uint64_t min_age_ns) {
    const std::uint64_t end = process.end == ProcessEnd::running ? taken_ns : process.end_ns;
    const std::uint64_t age = end > group.oldest_ns ? end - group.oldest_ns : 0;
    return age < min_age_ns;
}

}  // namespace

Outstanding attribute(const Snapshot& snapshot, const Processes& processes, const Owners& owners,
                      const AnalysisOptions& options) {
    const GatingRules rules = gating_rules(options, owners);
    const Reasons reasons = reasons_of_known_leaks(snapshot);
    Outstanding result;
    for (const LiveGroup& group : snapshot.live) {
        const ProcessRecord* process = processes.find(group.process);
        if (group.libc_owned) {
            add(result.libc, group);
        } else if (process == nullptr) {
            add(result.lost, group);
        } else if (is_younger(group, *process, snapshot.taken_ns, options.min_age_ns)) {
            add(result.younger, group);
        } else {
            const auto reason = reasons.find(group.note);
            const bool is_known = reason != reasons.end();
            const std::size_t owner = owners.index_of(group.owner);
            const NotGated not_gated = classify_blocks(
                *process, processes, {owners.all()[owner].kind, group.kind, is_known}, rules);
            result.groups.push_back(
                {&group, process, owner, not_gated, is_known ? reason->second : nullptr});
        }
    }
    return result;
}

void set_aside_allocators_own(Outstanding& outstanding, Stacks& stacks) {
    const auto is_own = [&](const OutstandingGroup& outstanding_group) {
        const std::vector<Frame>& frames = stacks.get(outstanding_group.group->stack).frames;
        if (frames.empty() || !is_in_allocator_library(frames.front())) return false;
        add(outstanding.libc, *outstanding_group.group);
        return true;
    };
    std::erase_if(outstanding.groups, is_own);
}

}  // namespace leakcheck
