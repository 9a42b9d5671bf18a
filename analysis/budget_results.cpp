// SPDX-License-Identifier: Apache-2.0
#include "analysis/budget_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "analysis/budget_rules.hpp"

namespace leakcheck {
namespace {

// Where nothing is allowed, more is worse as well.
double share(std::uint64_t observed, std::uint64_t limit) {
    if (observed == 0 || limit == UINT64_MAX) return 0.0;
    constexpr double almost_nothing = 0.5;
    return static_cast<double>(observed) / std::max(static_cast<double>(limit), almost_nothing);
}

// Of the measure that is nearer to its limit.
double fullness(const Scope& scope) {
    return std::max(share(scope.bytes.observed, scope.max_bytes),
                    share(scope.blocks.observed, scope.max_blocks));
}

void add(BudgetResult& result, const Scope& scope, double& fullest) {
    result.leaks += scope.leaks.size();
    ++result.scopes;
    result.exceeded = result.exceeded || is_exceeded(scope);
    if (!result.fullest.empty() && fullness(scope) <= fullest) return;
    fullest = fullness(scope);
    result.fullest = scope.name;
    result.bytes = scope.bytes;
    result.blocks = scope.blocks;
}

}  // namespace

void mark_leaks(std::vector<SampledLeak>& leaks, const std::vector<Scope>& scopes) {
    std::unordered_map<const Leak*, const Scope*> scope_of;
    for (const Scope& scope : scopes)
        for (const Leak* leak : scope.leaks) scope_of.emplace(leak, &scope);
    for (SampledLeak& leak : leaks) {
        const auto found = scope_of.find(&leak.leak);
        if (found == scope_of.end()) continue;
        leak.leak.budget = found->second->rule_name;
        leak.leak.over_budget = is_exceeded(*found->second);
    }
}

std::vector<BudgetResult> sum_by_rule(const std::vector<BudgetRule>& rules,
                                      const std::vector<Scope>& scopes, const std::string& today) {
    std::vector<BudgetResult> results(rules.size());
    for (std::size_t index = 0; index < rules.size(); ++index) {
        results[index].rule = rules[index];
        results[index].expired = is_past(rules[index].until, today);
    }
    std::vector<double> fullest(rules.size(), 0.0);
    for (const Scope& scope : scopes)
        if (scope.rule) add(results[*scope.rule], scope, fullest[*scope.rule]);
    return results;
}

std::vector<std::string> warn_of_expired(const std::vector<BudgetResult>& results) {
    std::vector<std::string> warnings;
    for (const BudgetResult& result : results) {
        if (!result.expired) continue;
        warnings.push_back(fmt::format(
            "budget \"{}\" ended on {} and allows nothing any more; prolong it or take it out",
            result.rule.name, result.rule.until));
    }
    return warnings;
}

}  // namespace leakcheck
