// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/table_sums.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_set>

#include "abi/trace_maps.h"
#include "runner/trace/block_stacks.hpp"
#include "runner/trace/bpf_map.hpp"
#include "runner/trace/sample_totals.hpp"
#include "runner/trace/snapshot_ids.hpp"
#include "runner/trace/weight.hpp"

namespace leakcheck {
namespace {

class BlockSums {
  public:
    BlockSums(const CountedTable& table, std::uint32_t process, const BlockTables::Maps& maps,
              const PointerChecks& checks)
        : process_(process),
          table_(table),
          maps_(maps),
          kinds_(checks.of(process)),
          paths_(checks.paths_of(process)),
          accounts_(table.accounts()),
          stacks_(table, process, maps),
          live_(accounts_.size()) {
        for_each_entry<leakcheck_live_key, std::uint32_t>(
            maps_.libc_kept, [this](const leakcheck_live_key& key, std::uint32_t) {
                if (key.process == process_) libc_kept_.insert(key.address);
            });
    }

    void add(std::uint64_t address, std::uint64_t record);
    std::vector<LiveGroup> groups();
    // By the number of the account.
    const std::vector<LiveSum>& live() const { return live_; }
    ContextStacks& stacks() { return stacks_.contexts(); }
    // Takes out of the maps what is of no use any more, to make room for other processes.
    void clear_maps();

  private:
    // owner, stack, note, C library's own, whose stack, weight, kind
    using GroupKey = std::tuple<std::uint32_t, std::uint64_t, std::uint32_t, bool, StackOrigin,
                                std::uint64_t, LeakKind>;

    struct Group {
        LiveGroup sums;
        ExampleBlock example;
    };

    leakcheck_account account_of(std::uint64_t record) const;
    StackId stack_of(std::uint64_t address);

    std::uint32_t process_;
    const CountedTable& table_;
    const BlockTables::Maps& maps_;
    const BlockKinds& kinds_;
    const HoldingPaths& paths_;
    std::span<const leakcheck_account> accounts_;
    BlockStacks stacks_;
    std::vector<LiveSum> live_;
    std::unordered_set<std::uint64_t> libc_kept_;
    std::map<GroupKey, Group> groups_;
};

// That of a block that was made just now is not known yet.
leakcheck_account BlockSums::account_of(std::uint64_t record) const {
    const std::uint32_t number = LEAKCHECK_RECORD_ACCOUNT(record);
    return number < accounts_.size() ? accounts_[number]
                                     : leakcheck_account{0, 0, LEAKCHECK_WEIGHT_ONE};
}

void BlockSums::add(std::uint64_t address, std::uint64_t record) {
    const leakcheck_account account = account_of(record);
    const StackOfBlock its = stacks_.of(address, record, account.context);
    const LeakKind kind = kinds_.kind_of(address);
    const bool is_libcs = libc_kept_.contains(address);
    const std::uint64_t size = record & LEAKCHECK_RECORD_SIZE_MASK;
    auto& [group, example] =
        groups_[{account.owner, its.stack, its.note, is_libcs, its.origin, account.weight, kind}];
    if (group.blocks == 0) {
        group.process = process_id(process_);
        group.owner = owner_id(account.owner);
        group.stack = StackId{its.stack};
        group.stack_origin = its.origin;
        group.kind = kind;
        group.note = NoteId{its.note};
        group.libc_owned = is_libcs;
        group.weight = weight_of(account.weight);
    }
    add_block(group, address, size, kinds_);
    paths_.consider(address, kind, example);
    const std::uint32_t number = LEAKCHECK_RECORD_ACCOUNT(record);
    if (number >= live_.size()) return;
    ++live_[number].blocks;
    live_[number].bytes += size;
}

StackId BlockSums::stack_of(std::uint64_t address) {
    const std::uint64_t record = table_.record_at(address);
    if (record == 0) return StackId{};
    return StackId{stacks_.of(address, record, account_of(record).context).stack};
}

void BlockSums::clear_maps() {
    for (const std::uint64_t address : libc_kept_) {
        const leakcheck_live_key key{process_, 0, address};
        bpf_map_delete_elem(maps_.libc_kept, &key);
    }
    stacks_.contexts().clear_map();
}

std::vector<LiveGroup> BlockSums::groups() {
    std::vector<LiveGroup> groups;
    for (auto& [key, group] : groups_) {
        groups.push_back(group.sums);
        groups.back().held_by = paths_.path_to(
            group.example.address, [this](std::uint64_t address) { return stack_of(address); });
    }
    return groups;
}

using OwnerTotals = std::map<std::uint32_t, leakcheck_owner_total>;

// What threads have added up and not told yet.
void add_untold(OwnerTotals& totals, const leakcheck_thread_total& thread) {
    const std::uint32_t owner = LEAKCHECK_TURN_OWNER(thread.turn);
    if (thread.turn == 0) return;
    leakcheck_owner_total& total = totals[owner];
    total.blocks += thread.blocks;
    total.bytes += thread.bytes;
    total.freed_blocks += thread.freed_blocks;
    total.freed_bytes += thread.freed_bytes;
    total.peak_bytes = std::max(total.peak_bytes, thread.peak_bytes);
}

OwnerTotals owner_totals(const CountedTable& table) {
    OwnerTotals totals;
    const auto owners = table.owners();
    std::uint32_t last = LEAKCHECK_TURN_OWNER(table.head().turn);
    for (const leakcheck_account& account : table.accounts()) last = std::max(last, account.owner);
    for (std::uint32_t owner = 0; owner <= last && owner < owners.size(); ++owner)
        if (owners[owner].begun != 0) totals[owner] = owners[owner];
    for (const leakcheck_thread_total& thread : table.threads()) add_untold(totals, thread);
    return totals;
}

std::uint64_t not_below_zero(std::int64_t value) {
    return value > 0 ? static_cast<std::uint64_t>(value) : 0;
}

OwnerUsage describe_usage(ProcessId process, std::uint32_t owner,
                          const leakcheck_owner_total& total, std::uint64_t live_at_end) {
    OwnerUsage usage;
    usage.process = process;
    usage.owner = owner_id(owner);
    usage.allocated_blocks = total.blocks;
    usage.allocated_bytes = total.bytes;
    usage.freed_blocks = total.freed_blocks;
    usage.freed_bytes = total.freed_bytes;
    usage.live_before = not_below_zero(total.live_before);
    usage.live_after = total.ended == total.begun ? not_below_zero(total.live_after) : live_at_end;
    usage.peak = not_below_zero(total.peak_bytes);
    return usage;
}

AllocationTotal describe_total(const OwnerUsage& usage, const LiveSum& live) {
    AllocationTotal total;
    total.process = usage.process;
    total.owner = usage.owner;
    total.allocated_blocks = usage.allocated_blocks;
    total.allocated_bytes = usage.allocated_bytes;
    total.freed_blocks = usage.allocated_blocks - std::min(live.blocks, usage.allocated_blocks);
    total.freed_bytes = usage.allocated_bytes - std::min(live.bytes, usage.allocated_bytes);
    total.estimated_blocks = static_cast<double>(usage.allocated_blocks);
    total.estimated_bytes = static_cast<double>(usage.allocated_bytes);
    return total;
}

// Where all blocks are counted: what each owner's turns have seen, and its totals.
void add_usage(const CountedTable& table, ProcessId process, const std::vector<LiveGroup>& groups,
               CountedBlocks& sums) {
    std::uint64_t live_bytes = 0;
    std::map<OwnerId, LiveSum> live;
    for (const LiveGroup& group : groups) {
        live[group.owner].blocks += group.blocks;
        live[group.owner].bytes += group.bytes;
        live_bytes += group.bytes;
    }
    for (const auto& [owner, total] : owner_totals(table)) {
        sums.usage.push_back(describe_usage(process, owner, total, live_bytes));
        const OwnerUsage& usage = sums.usage.back();
        sums.totals.push_back(describe_total(usage, live[usage.owner]));
    }
}

std::uint32_t owner_of(std::span<const leakcheck_account> accounts, std::uint64_t record) {
    const std::uint32_t number = LEAKCHECK_RECORD_ACCOUNT(record);
    return number < accounts.size() ? accounts[number].owner : 0;
}

template <typename Record>
void append(std::vector<Record>& records, const std::vector<Record>& more) {
    records.insert(records.end(), more.begin(), more.end());
}

}  // namespace

void sum_up(const CountedTable& table, Tables kind, std::uint32_t process,
            const BlockTables::Maps& maps, const PointerChecks& checks, CountedBlocks& sums) {
    BlockSums blocks(table, process, maps, checks);
    table.for_each_record(
        [&](std::uint64_t address, std::uint64_t record) { blocks.add(address, record); });
    const std::vector<LiveGroup> live = blocks.groups();
    append(sums.live, live);
    if (kind == Tables::of_all_blocks) {
        add_usage(table, process_id(process), live, sums);
    } else {
        append(sums.totals,
               sample_totals(table, process_id(process), blocks.stacks(), blocks.live()));
    }
    append(sums.stacks, blocks.stacks().callers());
    blocks.clear_maps();
}

void visit_blocks(const CountedTable& table, const BlockLists::Visit& visit) {
    const auto accounts = table.accounts();
    table.for_each_record([&](std::uint64_t address, std::uint64_t record) {
        visit({address, record & LEAKCHECK_RECORD_SIZE_MASK, owner_of(accounts, record)});
    });
}

void visit_owners_blocks(const CountedTable& table, std::uint32_t process, std::uint32_t owner,
                         const BlockTables::Maps& maps,
                         const std::function<void(const TracedBlock&)>& visit,
                         std::vector<StackRecord>& stacks) {
    const auto accounts = table.accounts();
    BlockStacks of_blocks(table, process, maps);
    table.for_each_record([&](std::uint64_t address, std::uint64_t record) {
        if (owner_of(accounts, record) != owner) return;
        const std::uint32_t context = accounts[LEAKCHECK_RECORD_ACCOUNT(record)].context;
        const StackOfBlock its = of_blocks.of(address, record, context);
        visit({{address, record & LEAKCHECK_RECORD_SIZE_MASK, owner}, its.stack, its.origin});
    });
    append(stacks, of_blocks.contexts().callers());
}

}  // namespace leakcheck
