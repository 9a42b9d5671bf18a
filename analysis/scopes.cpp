// SPDX-License-Identifier: Apache-2.0
#include "analysis/scopes.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>

#include "analysis/budget_rules.hpp"
#include "analysis/sampled_sum.hpp"

namespace leakcheck {
namespace {

// One measure given by the user alone leaves the other without a limit.
std::uint64_t effective_limit(std::uint64_t value, bool given, bool other_given) {
    return given || !other_given ? value : UINT64_MAX;
}

std::string test_scope(const std::string& owner) {
    return "test " + owner;
}

std::string owner_scope(const Leak& leak) {
    return leak.owner_kind == OwnerKind::test ? test_scope(leak.owner) : leak.owner;
}

std::string site_scope(const SourceLocation& site) {
    if (!site.file.empty()) return fmt::format("site {}:{}", site.file, site.line);
    return site.function.empty() ? "unknown site" : "site " + site.function;
}

std::string rule_scope(BudgetPer per, const Leak& leak) {
    switch (per) {
        case BudgetPer::test:
            return owner_scope(leak);
        case BudgetPer::site:
            return site_scope(leak.site);
        case BudgetPer::run:
            break;
    }
    return "run";
}

class ScopeBuilder {
  public:
    ScopeBuilder(const Findings& found, const AnalysisOptions& options)
        : found_(found), rules_(options.budget_rules, found.report.started_at) {
        const Budget& run = options.budget;
        Scope whole;
        whole.name = "run";
        whole.max_bytes = effective_limit(run.bytes, run.bytes_given, run.blocks_given);
        whole.max_blocks = effective_limit(run.blocks, run.blocks_given, run.bytes_given);
        scopes_.push_back(std::move(whole));
        for (const auto& [owner, budget] : found.budgets) {
            Scope test;
            test.name = test_scope(found.owners.all()[owner].label);
            test.max_bytes = budget.bytes;
            test.max_blocks = budget.blocks;
            tests_.emplace(owner, scopes_.size());
            scopes_.push_back(std::move(test));
        }
    }

    std::vector<Scope> build() {
        for (const SampledLeak& leak : found_.leaks)
            if (is_gating(leak)) members_[scope_of(leak)].push_back(&leak);
        for (std::size_t scope = 0; scope < scopes_.size(); ++scope)
            fill(scopes_[scope], members_[scope]);
        return std::move(scopes_);
    }

  private:
    std::size_t scope_of(const SampledLeak& leak) {
        const auto test = tests_.find(leak.owner);
        if (test != tests_.end()) return test->second;
        const auto rule = rules_.find(leak.leak);
        return rule ? scope_of_rule(*rule, leak.leak) : 0;
    }

    std::size_t scope_of_rule(std::size_t index, const Leak& leak) {
        const BudgetRule& rule = rules_.all()[index];
        std::string name = rule_scope(rule.per, leak);
        const auto [entry, is_new] = by_rule_.try_emplace({index, name}, scopes_.size());
        if (is_new) {
            Scope scope;
            scope.name = std::move(name);
            scope.rule = index;
            scope.rule_name = rule.name;
            scope.max_bytes = rule.max_bytes.value_or(UINT64_MAX);
            scope.max_blocks = rule.max_blocks.value_or(UINT64_MAX);
            scopes_.push_back(std::move(scope));
        }
        return entry->second;
    }

    void fill(Scope& scope, const std::vector<const SampledLeak*>& members) {
        SampledSum sum;
        for (const SampledLeak* leak : members) {
            sum.add(*leak, found_.settled);
            scope.leaks.push_back(&leak->leak);
        }
        scope.bytes = sum.bytes(found_.unseen);
        scope.blocks = sum.blocks(found_.unseen);
    }

    const Findings& found_;
    BudgetRules rules_;
    std::vector<Scope> scopes_;
    std::map<std::size_t, std::vector<const SampledLeak*>> members_;  // by scope
    std::map<std::size_t, std::size_t> tests_;  // scopes of tests' own budgets, by owner
    std::map<std::pair<std::size_t, std::string>, std::size_t> by_rule_;
};

}  // namespace

std::vector<Scope> make_scopes(const Findings& found, const AnalysisOptions& options) {
    return ScopeBuilder(found, options).build();
}

}  // namespace leakcheck
