// SPDX-License-Identifier: Apache-2.0
#include "analysis/suppressions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/budget_rules.hpp"
#include "analysis/glob.hpp"

namespace leakcheck {
namespace {

bool is_exceeded(const SuppressionResult& result) {
    const SuppressionFacts& facts = result.facts;
    return (facts.max_bytes && result.matched.bytes > *facts.max_bytes) ||
           (facts.max_blocks && result.matched.blocks > *facts.max_blocks);
}

std::string limits(const SuppressionFacts& facts) {
    std::string text;
    if (facts.max_bytes) text += fmt::format("{} bytes", *facts.max_bytes);
    if (facts.max_bytes && facts.max_blocks) text += " in ";
    if (facts.max_blocks) text += fmt::format("{} blocks", *facts.max_blocks);
    return text;
}

}  // namespace

Suppressions::Suppressions(const std::vector<Suppression>& rules, std::string_view today,
                           const std::string& source_root)
    : rules_(rules), today_(today), source_root_(source_root) {}

bool Suppressions::matches(const Suppression& rule, const Leak& leak) const {
    if (is_past(rule.facts.until, today_)) return false;
    if (rule.kinds && !rule.kinds->contains(leak.kind)) return false;
    if (!rule.tests.empty() && !matches_glob(rule.tests, leak.owner)) return false;
    if (!rule.innermost.empty() && !matches_innermost(rule.innermost, leak.stack)) return false;
    return std::all_of(rule.any_frame.begin(), rule.any_frame.end(),
                       [&](const TextTemplate& pattern) {
                           return matches_any_frame(pattern, leak.stack, source_root_);
                       });
}

std::optional<std::size_t> Suppressions::find(const Leak& leak) const {
    const auto found = std::find_if(rules_.begin(), rules_.end(),
                                    [&](const Suppression& rule) { return matches(rule, leak); });
    if (found == rules_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - rules_.begin());
}

std::vector<SuppressionResult> Suppressions::apply(std::vector<SampledLeak>& leaks) const {
    std::vector<SuppressionResult> results;
    for (const Suppression& rule : rules_)
        results.push_back({rule.facts, is_past(rule.facts.until, today_), false, false, {}});
    std::vector<std::optional<std::size_t>> taken_by(leaks.size());
    for (std::size_t i = 0; i < leaks.size(); ++i) {
        taken_by[i] = find(leaks[i].leak);
        if (!taken_by[i]) continue;
        SuppressionResult& result = results[*taken_by[i]];
        result.used = true;
        if (!is_gating(leaks[i])) continue;
        add(result.matched, leaks[i].leak);
    }
    for (SuppressionResult& result : results) result.exceeded = is_exceeded(result);
    for (std::size_t i = 0; i < leaks.size(); ++i) {
        if (!taken_by[i] || !is_gating(leaks[i]) || results[*taken_by[i]].exceeded) continue;
        leaks[i].leak.not_gated = NotGated::suppressed;
        leaks[i].leak.suppression = rules_[*taken_by[i]].facts.name;
    }
    return results;
}

std::vector<std::string> warn_of_suppressions(const std::vector<SuppressionResult>& results) {
    std::vector<std::string> warnings;
    for (const SuppressionResult& result : results) {
        const std::string rule =
            fmt::format("suppression \"{}\" ({})", result.facts.name, result.facts.source);
        if (result.expired)
            warnings.push_back(
                fmt::format("{} ended on {} and takes nothing any more; prolong it "
                            "or take it out",
                            rule, result.facts.until));
        if (result.exceeded)
            warnings.push_back(fmt::format(
                "{} matches {} bytes in {} blocks where {} are "
                "suppressed: what it matches counts",
                rule, result.matched.bytes, result.matched.blocks, limits(result.facts)));
    }
    return warnings;
}

}  // namespace leakcheck
