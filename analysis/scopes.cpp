// SPDX-License-Identifier: Apache-2.0
#include "analysis/scopes.hpp"

#include <string>
#include <utility>

#include "analysis/sampled_sum.hpp"

namespace leakcheck {
namespace {

// One measure given by the user alone leaves the other without a limit.
std::uint64_t effective_limit(std::uint64_t value, bool given, bool other_given) {
    return given || !other_given ? value : UINT64_MAX;
}

template <class Condition>
Scope make_scope(std::string name, const Findings& found, Condition belongs) {
    const auto counts = [&belongs](const SampledLeak& leak) {
        return is_gating(leak) && belongs(leak);
    };
    Scope scope;
    scope.name = std::move(name);
    const SampledSum sum = sum_leaks(found, counts);
    scope.bytes = sum.bytes(found.unseen);
    scope.blocks = sum.blocks(found.unseen);
    for (const SampledLeak& leak : found.leaks) {
        if (counts(leak)) scope.leaks.push_back(&leak.leak);
    }
    return scope;
}

}  // namespace

std::vector<Scope> make_scopes(const Findings& found, const Budget& run) {
    std::vector<Scope> scopes;
    scopes.push_back(make_scope("run", found, [&found](const SampledLeak& leak) {
        return found.budgets.count(leak.owner) == 0;
    }));
    scopes.back().max_bytes = effective_limit(run.bytes, run.bytes_given, run.blocks_given);
    scopes.back().max_blocks = effective_limit(run.blocks, run.blocks_given, run.bytes_given);
    for (const auto& [owner, budget] : found.budgets) {
        const std::size_t test = owner;
        scopes.push_back(
            make_scope("test " + found.owners.all()[test].label, found,
                       [test](const SampledLeak& leak) { return leak.owner == test; }));
        scopes.back().max_bytes = budget.bytes;
        scopes.back().max_blocks = budget.blocks;
    }
    return scopes;
}

}  // namespace leakcheck
