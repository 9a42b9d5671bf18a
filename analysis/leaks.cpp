// SPDX-License-Identifier: Apache-2.0
#include "analysis/leaks.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "analysis/fingerprint.hpp"
#include "analysis/repetitions.hpp"
#include "analysis/site.hpp"

namespace leakcheck {
namespace {

using LeakKey =
    std::tuple<NotGated, std::string, std::size_t, std::string, StackStatus, std::size_t>;

// The groups of one leak, as far as they were added.
struct Draft {
    std::size_t owner = 0;
    NotGated not_gated = NotGated::none;
    std::string known_reason;
    const SymbolicStack* stack = nullptr;
    Sample sample;
    std::uint64_t largest = 0;
    StackOrigin stack_origin = StackOrigin::own;
    std::set<ProcessId> processes;
    RepetitionTally repetitions;
    const ProcessRecord* first_process = nullptr;
};

// The main process stands for all, otherwise the one that started first.
bool comes_before(const ProcessRecord& a, const ProcessRecord& b) {
    return std::tuple(!a.is_main, a.start_ns, a.id) < std::tuple(!b.is_main, b.start_ns, b.id);
}

void add_group(Draft& draft, const OutstandingGroup& outstanding, const SymbolicStack& stack) {
    const LiveGroup& group = *outstanding.group;
    if (draft.first_process == nullptr) {
        draft.owner = outstanding.owner;
        draft.not_gated = outstanding.not_gated;
        if (outstanding.known_reason != nullptr) draft.known_reason = *outstanding.known_reason;
    }
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
    draft.repetitions.add(group.repetition, {group.blocks, group.bytes});
}

std::vector<Draft> draft_leaks(const Outstanding& outstanding, const Processes& processes,
                               Stacks& stacks) {
    std::map<LeakKey, std::size_t> index;
    std::vector<Draft> drafts;
    for (const OutstandingGroup& group : outstanding.groups) {
        const SymbolicStack& stack = stacks.get(group.group->stack);
        LeakKey key{
            group.not_gated, group.known_reason != nullptr ? *group.known_reason : std::string(),
            group.owner,     processes.program(*group.process),
            stack.status,    stack.number};
        const auto [entry, is_new] = index.try_emplace(std::move(key), drafts.size());
        if (is_new) drafts.emplace_back();
        add_group(drafts[entry->second], group, stack);
    }
    return drafts;
}

SampledLeak finish(const Draft& draft, const Owners& owners, const Unseen& unseen,
                   const FileGlobs& not_my_code, std::uint32_t repetitions) {
    const Owner& owner = owners.all()[draft.owner];
    SampledLeak result{{}, draft.sample, draft.owner};
    Leak& leak = result.leak;
    leak.owner_kind = owner.kind;
    leak.owner = owner.label;
    if (owner.kind == OwnerKind::test) leak.test = owner.label;
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
    leak.not_gated = draft.not_gated;
    leak.known_reason = draft.known_reason;
    leak.process = process_label(*draft.first_process);
    leak.largest_block = draft.largest;
    leak.processes = draft.processes.size();
    if (repetitions > 1) {
        leak.repetition = draft.repetitions.describe(repetitions);
        set_certain_amount(result, draft.repetitions.worst());
    }
    return result;
}

bool frame_before(const Frame& a, const Frame& b) {
    return std::tie(a.function, a.file, a.line, a.module, a.address) <
           std::tie(b.function, b.file, b.line, b.module, b.address);
}

// An order by what the leaks are, not by how much they leak or where they were loaded: it decides
// which of two leaks that hash alike keeps the plain hash. Complete stacks come first, so that no
// stack that was cut by chance changes the fingerprint of a complete one.
bool identity_before(const SampledLeak& first, const SampledLeak& second) {
    const Leak& a = first.leak;
    const Leak& b = second.leak;
    const auto key_a = std::tie(a.stack_status, a.not_gated, a.owner, a.known_reason);
    const auto key_b = std::tie(b.stack_status, b.not_gated, b.owner, b.known_reason);
    if (key_a != key_b) return key_a < key_b;
    return std::lexicographical_compare(a.stack.begin(), a.stack.end(), b.stack.begin(),
                                        b.stack.end(), frame_before);
}

bool report_before(const SampledLeak& first, const SampledLeak& second) {
    const Leak& a = first.leak;
    const Leak& b = second.leak;
    const auto rank = [](const Leak& leak) {
        const bool is_gated = leak.not_gated == NotGated::none;
        return std::tuple<int, double, const std::string&>(is_gated ? 0 : 1, -leak.bytes.estimate,
                                                           leak.fingerprint);
    };
    return rank(a) < rank(b);
}

}  // namespace

void put_in_report_order(std::vector<SampledLeak>& leaks) {
    std::sort(leaks.begin(), leaks.end(), report_before);
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
        leaks.push_back(finish(draft, owners, unseen, not_my_code, repetitions));
    }
    std::stable_sort(leaks.begin(), leaks.end(), identity_before);
    FingerprintRegister fingerprints;
    for (SampledLeak& leak : leaks) {
        leak.leak.fingerprint = fingerprints.add(leak.leak.owner, leak.leak.stack);
    }
    put_in_report_order(leaks);
    return leaks;
}

}  // namespace leakcheck
