// SPDX-License-Identifier: Apache-2.0
#include "reporters/leak_groups.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

namespace leakcheck {
namespace {

LeakRule rule_of(OwnerKind kind) {
    switch (kind) {
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

void add(Quantity& sum, const Quantity& part) {
    sum.observed += part.observed;
    sum.estimate += part.estimate;
    sum.lower += part.lower;
    sum.upper += part.upper;
}

void add(LeakGroup& group, const Report& report, const TestIndex& tests, const Leak& leak) {
    group.over_budget = group.over_budget || is_over_budget(report, tests, leak);
    add(group.bytes, leak.bytes);
    add(group.blocks, leak.blocks);
    group.leaks.push_back(&leak);
}

bool is_worse(const LeakGroup& a, const LeakGroup& b) {
    return std::tuple(a.over_budget, a.bytes.estimate) >
           std::tuple(b.over_budget, b.bytes.estimate);
}

}  // namespace

std::vector<LeakGroup> group_leaks(const Report& report, const TestIndex& tests) {
    std::vector<LeakGroup> groups;
    std::map<std::tuple<LeakRule, std::string, std::uint32_t>, std::size_t> known;
    for (const Leak& leak : report.leaks) {
        const SourceLocation place = annotated_place(report, tests, leak);
        const LeakRule rule = rule_of(leak.owner_kind);
        const auto [entry, is_new] =
            known.try_emplace({rule, place.file, place.line}, groups.size());
        if (is_new) groups.push_back({rule, place, false, {}, {}, {}});
        add(groups[entry->second], report, tests, leak);
    }
    std::stable_sort(groups.begin(), groups.end(), is_worse);
    return groups;
}

}  // namespace leakcheck
