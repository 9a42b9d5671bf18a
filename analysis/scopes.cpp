// SPDX-License-Identifier: Apache-2.0
#include "analysis/scopes.hpp"

#include <utility>

namespace leakcheck {
namespace {

// One measure given by the user alone leaves the other without a limit.
std::uint64_t effective_limit(std::uint64_t value, bool given, bool other_given) {
    return given || !other_given ? value : UINT64_MAX;
}

template <class Condition>
Scope make_scope(std::string name, const std::vector<SampledLeak>& leaks, const Unseen& unseen,
                 Condition belongs) {
    const auto counts = [&belongs](const SampledLeak& leak) {
        return is_gating(leak) && belongs(leak);
    };
    Scope scope;
    scope.name = std::move(name);
    const Sample sum = sum_leaks(leaks, counts);
    scope.bytes = sum.bytes(unseen);
    scope.blocks = sum.blocks(unseen);
    for (const SampledLeak& leak : leaks) {
        if (counts(leak)) scope.leaks.push_back(&leak.leak);
    }
    return scope;
}

}  // namespace

bool is_gating(const SampledLeak& leak) {
    return leak.leak.not_gated == NotGated::none;
}

std::vector<Scope> make_scopes(const std::vector<SampledLeak>& leaks, const TestBudgets& budgets,
                               const Owners& owners, const Budget& run, const Unseen& unseen) {
    std::vector<Scope> scopes;
    scopes.push_back(make_scope("run", leaks, unseen, [&budgets](const SampledLeak& leak) {
        return budgets.count(leak.owner) == 0;
    }));
    scopes.back().max_bytes = effective_limit(run.bytes, run.bytes_given, run.blocks_given);
    scopes.back().max_blocks = effective_limit(run.blocks, run.blocks_given, run.bytes_given);
    for (const auto& [owner, budget] : budgets) {
        const std::size_t test = owner;
        scopes.push_back(
            make_scope("test " + owners.all()[test].label, leaks, unseen,
                       [test](const SampledLeak& leak) { return leak.owner == test; }));
        scopes.back().max_bytes = budget.bytes;
        scopes.back().max_blocks = budget.blocks;
    }
    return scopes;
}

}  // namespace leakcheck
