// SPDX-License-Identifier: Apache-2.0
#include "analysis/leaks.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "analysis/identity.hpp"
#include "analysis/repetitions.hpp"
#include "analysis/site.hpp"

namespace leakcheck {
namespace {

using LeakKey =
    std::tuple<NotGated, std::string, std::size_t, std::string, StackStatus, std::size_t, LeakKind>;

// The groups of one leak, as far as they were added.
struct Draft {
    std::size_t owner = 0;
    NotGated not_gated = NotGated::none;
    std::string known_reason;
    LeakKind kind = LeakKind::outstanding;
    const SymbolicStack* stack = nullptr;
    Sample sample;
    std::uint64_t largest = 0;
    StackOrigin stack_origin = StackOrigin::own;
    std::set<ProcessId> processes;
    std::set<OwnerId> released_in;
    RepetitionTally repetitions;
    BlockSum indirect;
    RepetitionTally indirect_repetitions;
    const ProcessRecord* first_process = nullptr;
    const OutstandingGroup* explained = nullptr;  // by its path
};

// The main process stands for all, otherwise the one that started first.
bool comes_before(const ProcessRecord& a, const ProcessRecord& b) {
    return std::tuple(!a.is_main, a.start_ns, a.id) < std::tuple(!b.is_main, b.start_ns, b.id);
}

// That of the process that stands for all, of its paths the shortest.
bool explains_better(const OutstandingGroup& a, const OutstandingGroup* b) {
    const auto length = [](const OutstandingGroup& group) {
        return group.group->held_by.blocks.size() + group.group->held_by.left_out;
    };
    if (a.group->held_by.root.kind == RootKind::none) return false;
    if (b == nullptr) return true;
    return a.process != b->process ? comes_before(*a.process, *b->process) : length(a) < length(*b);
}

void add_group(Draft& draft, const OutstandingGroup& outstanding, const SymbolicStack& stack) {
    const LiveGroup& group = *outstanding.group;
    if (draft.first_process == nullptr) {
        draft.owner = outstanding.owner;
        draft.not_gated = outstanding.not_gated;
        draft.kind = group.kind;
        if (outstanding.known_reason != nullptr) draft.known_reason = *outstanding.known_reason;
    }
    if (explains_better(outstanding, draft.explained)) draft.explained = &outstanding;
    if (draft.first_process == nullptr ||
        comes_before(*outstanding.process, *draft.first_process)) {
        draft.first_process = outstanding.process;
        draft.stack = &stack;
    }
    draft.sample.add({group.weight, group.blocks, group.bytes, group.bytes_squared,
                      static_cast<double>(group.largest)});
    draft.largest = std::max(draft.largest, group.largest);
    draft.stack_origin = std::max(draft.stack_origin, group.stack_origin);
    draft.processes.insert(group.process);
    if (group.kind == LeakKind::released_late) draft.released_in.insert(group.released_in);
    draft.repetitions.add(group.repetition, {group.blocks, group.bytes});
    draft.indirect.blocks += group.indirect_blocks;
    draft.indirect.bytes += group.indirect_bytes;
    draft.indirect_repetitions.add(group.repetition, {group.indirect_blocks, group.indirect_bytes});
}

std::vector<Draft> draft_leaks(const Outstanding& outstanding, const Processes& processes,
                               Stacks& stacks) {
    std::map<LeakKey, std::size_t> index;
    std::vector<Draft> drafts;
    for (const OutstandingGroup& group : outstanding.groups) {
        const SymbolicStack& stack = stacks.get(group.group->stack);
        LeakKey key{
            group.not_gated,  group.known_reason != nullptr ? *group.known_reason : std::string(),
            group.owner,      processes.program(*group.process),
            stack.status,     stack.number,
            group.group->kind};
        const auto [entry, is_new] = index.try_emplace(std::move(key), drafts.size());
        if (is_new) drafts.emplace_back();
        add_group(drafts[entry->second], group, stack);
    }
    return drafts;
}

std::vector<std::string> labels_in_order(const std::set<OwnerId>& ids, const Owners& owners) {
    std::vector<std::size_t> indices;
    for (const OwnerId id : ids) indices.push_back(owners.index_of(id));
    std::sort(indices.begin(), indices.end(), [&owners](std::size_t a, std::size_t b) {
        return owners.all()[a].first_order < owners.all()[b].first_order;
    });
    indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
    std::vector<std::string> labels;
    for (const std::size_t index : indices) labels.push_back(owners.all()[index].label);
    return labels;
}

void set_indirect(Leak& leak, const BlockSum& indirect) {
    leak.indirect_blocks = indirect.blocks;
    leak.indirect_bytes = indirect.bytes;
}

HeldBy describe_path(const HoldingPath& path, Stacks& stacks, const FileGlobs& not_my_code) {
    HeldBy held_by{path.root, {}, path.left_out, path.cut_at};
    for (const HoldingBlock& block : path.blocks) {
        Holder& holder = held_by.blocks.emplace_back(Holder{block, {}});
        const std::vector<Frame>& stack = stacks.get(block.stack).frames;
        if (!stack.empty()) holder.site = stack[find_site_frame(stack, not_my_code)];
    }
    return held_by;
}

SampledLeak finish(const Draft& draft, const Owners& owners, Stacks& stacks, const Unseen& unseen,
                   const FileGlobs& not_my_code, std::uint32_t repetitions) {
    const Owner& owner = owners.all()[draft.owner];
    SampledLeak result{{}, draft.sample, draft.owner, {}};
    Leak& leak = result.leak;
    leak.kind = draft.kind;
    leak.owner_kind = owner.kind;
    leak.owner = owner.label;
    if (owner.kind == OwnerKind::test) {
        leak.test = owner.label;
        leak.test_runs = owner.runs;
    }
    leak.bytes = draft.sample.bytes(unseen);
    leak.blocks = draft.sample.blocks(unseen);
    leak.stack = draft.stack->frames;
    leak.stack_status = draft.stack->status;
    leak.stack_origin = draft.stack_origin;
    leak.site_frame = find_site_frame(leak.stack, not_my_code);
    if (!leak.stack.empty()) {
        const Frame& frame = leak.stack[leak.site_frame];
        leak.site = {frame.function, frame.file, frame.line};
    }
    if (draft.explained != nullptr)
        leak.held_by = describe_path(draft.explained->group->held_by, stacks, not_my_code);
    leak.not_gated = draft.not_gated;
    leak.known_reason = draft.known_reason;
    leak.process = process_label(*draft.first_process);
    leak.largest_block = draft.largest;
    leak.processes = draft.processes.size();
    leak.released_in = labels_in_order(draft.released_in, owners);
    set_indirect(leak, draft.indirect);
    if (repetitions > 1) {
        leak.repetition = draft.repetitions.describe(repetitions);
        set_certain_amount(result, draft.repetitions.worst());
        set_indirect(leak, draft.indirect_repetitions.worst());
    }
    return result;
}

// Those that count first; what is known to be held stands behind what may be leaked.
int rank_of(const Leak& leak) {
    if (leak.not_gated == NotGated::none) return 0;
    return is_held(leak) ? 2 : 1;
}

bool report_before(const SampledLeak& first, const SampledLeak& second) {
    const Leak& a = first.leak;
    const Leak& b = second.leak;
    const auto rank = [](const Leak& leak) {
        return std::tuple<int, double, const std::string&>(rank_of(leak), -leak.bytes.estimate,
                                                           leak.fingerprint);
    };
    return rank(a) < rank(b);
}

}  // namespace

void put_in_report_order(std::vector<SampledLeak>& leaks) {
    std::sort(leaks.begin(), leaks.end(), report_before);
}

void add(LeakCount& count, const Leak& leak) {
    ++count.leaks;
    count.bytes += leak.bytes.observed;
    count.blocks += leak.blocks.observed;
}

void set_certain_amount(SampledLeak& leak, const BlockSum& amount) {
    leak.sample = Sample();
    leak.sample.add({1.0, amount.blocks, amount.bytes, 0.0, 0.0});
    leak.leak.blocks = leak.sample.blocks({});
    leak.leak.bytes = leak.sample.bytes({});
}

std::vector<SampledLeak> find_leaks(const Outstanding& outstanding, const Processes& processes,
                                    const Owners& owners, Stacks& stacks, const Unseen& unseen,
                                    const FileGlobs& not_my_code, std::uint32_t repetitions) {
    std::vector<SampledLeak> leaks;
    for (const Draft& draft : draft_leaks(outstanding, processes, stacks)) {
        leaks.push_back(finish(draft, owners, stacks, unseen, not_my_code, repetitions));
    }
    identify(leaks);
    put_in_report_order(leaks);
    return leaks;
}

}  // namespace leakcheck
