// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/sample_totals.hpp"

#include <map>
#include <utility>

#include "runner/trace/snapshot_ids.hpp"
#include "runner/trace/weight.hpp"

namespace leakcheck {
namespace {

// A process that is still running may free, and make, blocks while its table is read.
std::uint64_t freed(std::uint64_t allocated, std::uint64_t live) {
    return allocated > live ? allocated - live : 0;
}

void add(AllocationTotal& total, const leakcheck_account_total& made, const LiveSum& live,
         double weight) {
    total.allocated_blocks += made.blocks;
    total.allocated_bytes += made.bytes;
    total.freed_blocks += freed(made.blocks, live.blocks);
    total.freed_bytes += freed(made.bytes, live.bytes);
    total.estimated_blocks += weight * static_cast<double>(made.blocks);
    total.estimated_bytes += weight * static_cast<double>(made.bytes);
}

}  // namespace

std::vector<AllocationTotal> sample_totals(const CountedTable& table, ProcessId process,
                                           ContextStacks& stacks,
                                           const std::vector<LiveSum>& live) {
    const auto accounts = table.accounts();
    const auto made = table.account_totals();
    std::map<std::pair<std::uint32_t, std::uint64_t>, AllocationTotal> totals;
    for (std::size_t number = 1; number < live.size(); ++number) {
        if (made[number].blocks == 0) continue;
        const leakcheck_account& account = accounts[number];
        const std::uint64_t stack = stacks.of(account.context);
        AllocationTotal& total = totals[{account.owner, stack}];
        total.process = process;
        total.owner = owner_id(account.owner);
        total.stack = StackId{stack};
        add(total, made[number], live[number], weight_of(account.weight));
    }
    std::vector<AllocationTotal> result;
    for (const auto& [key, total] : totals) result.push_back(total);
    return result;
}

}  // namespace leakcheck
