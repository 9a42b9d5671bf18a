// SPDX-License-Identifier: Apache-2.0
#include "analysis/budget_rules.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "analysis/function_name.hpp"
#include "analysis/glob.hpp"

namespace leakcheck {
namespace {

// How much a rule narrows what it matches; the larger, the more specific.
std::tuple<int, std::size_t> specificity(const BudgetRule& rule) {
    const int given = int(!rule.tests.empty()) + int(!rule.sites.empty()) + int(rule.kinds ? 1 : 0);
    return {given, count_literals(rule.tests) + count_literals(rule.sites)};
}

bool names_function(const std::string& glob, const std::string& function) {
    if (function.empty()) return false;
    return matches_glob(glob, function) || matches_glob(glob, qualified_name(function));
}

}  // namespace

bool is_past(std::string_view until, std::string_view today) {
    constexpr std::size_t day = 10;
    return !until.empty() && until < today.substr(0, day);
}

BudgetRules::BudgetRules(const std::vector<BudgetRule>& rules, std::string_view today)
    : rules_(rules), ranked_(rules.size()) {
    for (const BudgetRule& rule : rules_) {
        expired_.push_back(is_past(rule.until, today));
        files_.emplace_back(rule.sites.empty() ? std::vector<std::string>{}
                                               : std::vector<std::string>{rule.sites});
    }
    std::iota(ranked_.begin(), ranked_.end(), std::size_t{0});
    std::stable_sort(ranked_.begin(), ranked_.end(), [this](std::size_t a, std::size_t b) {
        return specificity(rules_[a]) > specificity(rules_[b]);
    });
}

std::optional<std::size_t> BudgetRules::find(const Leak& leak) const {
    const auto found = std::find_if(ranked_.begin(), ranked_.end(), [&](std::size_t rule) {
        return !expired_[rule] && matches(rule, leak);
    });
    return found == ranked_.end() ? std::nullopt : std::optional(*found);
}

bool BudgetRules::matches(std::size_t rule, const Leak& leak) const {
    const BudgetRule& budget = rules_[rule];
    if (!budget.tests.empty() && !matches_glob(budget.tests, leak.owner)) return false;
    if (budget.kinds && !budget.kinds->contains(leak.kind)) return false;
    return budget.sites.empty() || files_[rule].match(leak.site.file) ||
           names_function(budget.sites, leak.site.function);
}

}  // namespace leakcheck
