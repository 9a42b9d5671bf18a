// SPDX-License-Identifier: Apache-2.0
#include "reporters/leak_groups.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

namespace leakcheck {
namespace {

LeakRule rule_of(const Leak& leak) {
    if (leak.kind == LeakKind::possible) return LeakRule::possible;
    if (leak.kind == LeakKind::reachable || leak.kind == LeakKind::referenced)
        return LeakRule::reachable;
    switch (leak.owner_kind) {
        case OwnerKind::test:
            return LeakRule::in_test;
        case OwnerKind::outside_tests:
            return LeakRule::outside_tests;
        case OwnerKind::environment_set_up:
        case OwnerKind::environment_tear_down:
        case OwnerKind::suite_set_up:
        case OwnerKind::suite_tear_down:
            break;
    }
    return LeakRule::in_set_up;
}

void add(LeakGroup& group, const Leak& leak) {
    group.over_budget = group.over_budget || leak.over_budget;
    group.warns =
        group.warns || (leak.kind == LeakKind::possible && leak.not_gated == NotGated::kind);
    group.sum.add(leak);
    group.leaks.push_back(&leak);
}

bool is_worse(const LeakGroup& a, const LeakGroup& b) {
    const auto rank = [](const LeakGroup& group) {
        return std::tuple(group.over_budget, group.warns, group.rule != LeakRule::reachable,
                          group.sum.bytes.estimate);
    };
    return rank(a) > rank(b);
}

}  // namespace

std::vector<LeakGroup> group_leaks(const Report& report, const TestIndex& tests) {
    std::vector<LeakGroup> groups;
    std::map<std::tuple<LeakRule, std::string, std::uint32_t>, std::size_t> known;
    for (const Leak& leak : report.leaks) {
        if (is_released(leak)) continue;
        const SourceLocation place = annotated_place(report, tests, leak);
        const LeakRule rule = rule_of(leak);
        const auto [entry, is_new] =
            known.try_emplace({rule, place.file, place.line}, groups.size());
        if (is_new) groups.push_back({rule, place, false, false, {}, {}});
        add(groups[entry->second], leak);
    }
    std::stable_sort(groups.begin(), groups.end(), is_worse);
    return groups;
}

}  // namespace leakcheck
