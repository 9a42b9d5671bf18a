// SPDX-License-Identifier: Apache-2.0
#include "analysis/test_results.hpp"

#include <algorithm>

namespace leakcheck {
namespace {

std::optional<std::uint64_t> limit(std::uint64_t budget) {
    return budget == UINT64_MAX ? std::nullopt : std::optional(budget);
}

struct WeightLimits {
    double least = 0.0;
    double most = 0.0;
};

// Of the blocks of one stack. Where they follow from the size, a stack has but one weight, or nearly.
WeightLimits weight_limits(const SamplingInfo& sampling) {
    const auto most = static_cast<double>(sampling.rate);
    if (sampling.kind == SamplingKind::adaptive) return {1.0, most};
    if (sampling.kind == SamplingKind::auto_rate)
        return {static_cast<double>(least_auto_rate), most};
    return {};
}

SampledBlocks sampled_blocks(const AllocationTotal& total, const WeightLimits& limits) {
    if (total.allocated_blocks == 0) return {};
    const auto blocks = static_cast<double>(total.allocated_blocks);
    const auto bytes = static_cast<double>(total.allocated_bytes);
    const double mean = bytes / blocks;
    return {total.estimated_blocks / blocks,
            total.allocated_blocks,
            total.allocated_bytes,
            bytes * mean,
            mean,
            limits.least,
            limits.most};
}

TestStatus find_status(const TestInputs& inputs, std::size_t owner, const TestResult& test,
                       bool over_budget) {
    if (inputs.interrupted == owner) return TestStatus::interrupted;
    if (test.leaked_blocks.observed == 0) return TestStatus::clean;
    return over_budget ? TestStatus::leaked : TestStatus::within_budget;
}

using KindSamples = std::map<LeakKind, Sample>;

KindTotals kind_totals(const KindSamples& samples, const Unseen& unseen) {
    KindTotals totals;
    for (const auto& [kind, sample] : samples)
        totals[kind] = {sample.bytes(unseen), sample.blocks(unseen)};
    return totals;
}

// The samples of an owner's leaks: of those that count, and of each kind.
struct OwnedLeaks {
    Sample gating;
    bool over_budget = false;
    KindSamples by_kind;
};

std::vector<OwnedLeaks> leaks_by_owner(const TestInputs& inputs) {
    std::vector<OwnedLeaks> owned(inputs.owners.all().size());
    for (const SampledLeak& leak : inputs.leaks) {
        owned[leak.owner].by_kind[leak.leak.kind].add(leak.sample);
        if (is_gating(leak)) owned[leak.owner].gating.add(leak.sample);
        if (leak.leak.over_budget) owned[leak.owner].over_budget = true;
    }
    return owned;
}

TestResult make_test_result(const TestInputs& inputs, std::size_t index, const OwnedLeaks& leaks) {
    const Owner& owner = inputs.owners.all()[index];
    TestResult test;
    test.name = owner.label;
    test.suite = owner.suite;
    test.test = owner.test;
    test.runs = owner.runs;
    test.seconds = static_cast<double>(owner.duration_ns) / 1e9;
    test.heap_use = inputs.heap_use[index];
    const Unseen unseen_leaks = inputs.settled.count(index) != 0 ? Unseen{} : inputs.unseen;
    test.leaked_bytes = leaks.gating.bytes(unseen_leaks);
    test.leaked_blocks = leaks.gating.blocks(unseen_leaks);
    test.by_kind = kind_totals(leaks.by_kind, unseen_leaks);
    test.allocated_bytes = inputs.allocations[index].bytes(inputs.unseen);
    test.allocated_blocks = inputs.allocations[index].blocks(inputs.unseen);
    if (const auto budget = inputs.budgets.find(index); budget != inputs.budgets.end()) {
        test.budget_bytes = limit(budget->second.bytes);
        test.budget_blocks = limit(budget->second.blocks);
    }
    test.status = find_status(inputs, index, test, leaks.over_budget);
    if (inputs.definition && (!leaks.by_kind.empty() || test.status == TestStatus::interrupted)) {
        test.definition = inputs.definition(owner.suite, owner.test);
    }
    return test;
}

std::optional<std::size_t> find_test(const Owners& owners, const std::string& name) {
    for (const std::size_t index : owners.tests()) {
        if (owners.all()[index].label == name) return index;
    }
    return std::nullopt;
}

}  // namespace

TestBudgets find_test_budgets(const Snapshot& snapshot, const Owners& owners) {
    std::map<NoteId, const NoteRecord*> in_order;
    for (const NoteRecord& note : snapshot.notes) {
        if (note.kind == NoteKind::budget) in_order.emplace(note.id, &note);
    }
    TestBudgets budgets;
    for (const auto& [id, note] : in_order) {
        const std::size_t owner = owners.index_of(note->owner);
        if (owners.all()[owner].kind != OwnerKind::test) continue;
        budgets[owner] = {note->bytes, note->blocks};
    }
    return budgets;
}

std::vector<Sample> sum_allocations(const Snapshot& snapshot, const Owners& owners) {
    const WeightLimits limits = weight_limits(snapshot.sampling);
    std::vector<Sample> sums(owners.all().size());
    for (const AllocationTotal& total : snapshot.totals) {
        sums[owners.index_of(total.owner)].add(sampled_blocks(total, limits));
    }
    return sums;
}

std::vector<std::optional<HeapUse>> find_heap_use(const Snapshot& snapshot,
                                                  const Processes& processes,
                                                  const Owners& owners) {
    std::vector<std::optional<HeapUse>> uses(owners.all().size());
    const ProcessRecord* const main = processes.main();
    for (const OwnerUsage& usage : snapshot.usage) {
        if (main == nullptr || usage.process != main->id) continue;
        uses[owners.index_of(usage.owner)] = {usage.live_before, usage.live_after, usage.peak,
                                              usage.freed_bytes, usage.freed_blocks};
    }
    return uses;
}

std::vector<TestResult> make_test_results(const TestInputs& inputs) {
    const std::vector<OwnedLeaks> leaks = leaks_by_owner(inputs);
    std::vector<TestResult> tests;
    for (const std::size_t index : inputs.owners.tests()) {
        tests.push_back(make_test_result(inputs, index, leaks[index]));
    }
    return tests;
}

std::optional<std::size_t> interrupted_test(const ChildResult& child, const Processes& processes,
                                            const Owners& owners) {
    if (!child.running_test.empty()) return find_test(owners, child.running_test);
    const ProcessRecord* main = processes.main();
    if (main == nullptr || main->end == ProcessEnd::running || main->end == ProcessEnd::replaced) {
        return std::nullopt;
    }
    const std::size_t owner = owners.index_of(main->last_owner);
    if (owners.all()[owner].kind != OwnerKind::test) return std::nullopt;
    return owner;
}

}  // namespace leakcheck
