// SPDX-License-Identifier: Apache-2.0
#include "analysis/stack_summary.hpp"

#include <unordered_map>
#include <unordered_set>

namespace leakcheck {
namespace {

std::uint64_t& count_of(StackStatistics& statistics, StackStatus status) {
    switch (status) {
        case StackStatus::complete:
            return statistics.complete;
        case StackStatus::frame_pointer:
            return statistics.frame_pointer;
        case StackStatus::truncated:
            return statistics.truncated;
        case StackStatus::missing:
            break;
    }
    return statistics.missing;
}

// In these most allocations were counted, not traced.
std::unordered_set<ProcessId> counting_processes(const Snapshot& snapshot) {
    std::unordered_set<ProcessId> processes;
    for (const OwnerUsage& usage : snapshot.usage) processes.insert(usage.process);
    return processes;
}

StackStatistics count_allocations(const Snapshot& snapshot) {
    std::unordered_map<StackId, StackStatus> status_of;
    for (const StackRecord& stack : snapshot.stacks) {
        status_of.emplace(stack.id, stack.frames.empty() ? StackStatus::missing : stack.status);
    }
    const std::unordered_set<ProcessId> counting = counting_processes(snapshot);
    StackStatistics statistics;
    for (const AllocationTotal& total : snapshot.totals) {
        if (total.stack == StackId{} && counting.contains(total.process)) continue;
        const auto known = status_of.find(total.stack);
        const StackStatus status = known == status_of.end() ? StackStatus::missing : known->second;
        count_of(statistics, status) += total.allocated_blocks;
    }
    return statistics;
}

}  // namespace

StackSummary summarise_stacks(const Snapshot& snapshot, const std::vector<Leak>& leaks) {
    StackSummary summary;
    for (const Leak& leak : leaks) {
        ++count_of(summary.leaks, leak.stack_status);
        count_of(summary.leaked_blocks, leak.stack_status) += leak.blocks.observed;
    }
    summary.allocations = count_allocations(snapshot);
    return summary;
}

}  // namespace leakcheck
