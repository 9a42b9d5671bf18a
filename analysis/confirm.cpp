// SPDX-License-Identifier: Apache-2.0
#include "analysis/confirm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include "analysis/scopes.hpp"

namespace leakcheck {
namespace {

using TestIndices = std::unordered_map<std::string, std::size_t>;

// Into Owners::all(), by label.
TestIndices index_tests(const Owners& owners) {
    TestIndices indices;
    for (const std::size_t test : owners.tests()) indices.emplace(owners.all()[test].label, test);
    return indices;
}

bool same_site(const SourceLocation& a, const SourceLocation& b) {
    return !a.function.empty() && a == b;
}

BlockSum observed(const SampledLeak& leak) {
    return {leak.leak.blocks.observed, leak.leak.bytes.observed};
}

// Null where the exact run does not show it.
ExactLeak* find_match(std::vector<ExactLeak>& leaks, const Leak& wanted) {
    const auto by_fingerprint = std::find_if(leaks.begin(), leaks.end(), [&](const ExactLeak& one) {
        return one.leak.leak.fingerprint == wanted.fingerprint;
    });
    if (by_fingerprint != leaks.end()) return &*by_fingerprint;
    const auto by_site = std::find_if(leaks.begin(), leaks.end(), [&](const ExactLeak& one) {
        return same_site(one.leak.leak.site, wanted.site);
    });
    return by_site != leaks.end() ? &*by_site : nullptr;
}

void mark_not_reproduced(SampledLeak& leak, NotReproducedPolicy policy) {
    leak.leak.confirmation = Confirmation::not_reproduced;
    set_certain_amount(leak, observed(leak));
    if (policy != NotReproducedPolicy::fail && is_gating(leak)) {
        leak.leak.not_gated = NotGated::not_reproduced;
    }
}

void mark_confirmed(ExactLeak& exact, const ConfirmRules& rules) {
    SampledLeak& leak = exact.leak;
    leak.leak.confirmation = Confirmation::confirmed;
    if (!is_gating(leak)) return;
    if (leak.leak.repetition.growth == Growth::one_time && !rules.gate_one_time) {
        leak.leak.not_gated = NotGated::one_time;
    } else if (rules.not_reproduced == NotReproducedPolicy::fail) {
        const BlockSum now = observed(leak);
        set_certain_amount(leak, {std::max(now.blocks, exact.seen_before.blocks),
                                  std::max(now.bytes, exact.seen_before.bytes)});
    }
}

}  // namespace

std::string name_tests(const std::vector<std::string>& tests) {
    if (tests.size() == 1) return tests[0];
    return fmt::format("{} tests ({}, ...)", tests.size(), tests[0]);
}

std::vector<std::string> find_suspects(const Findings& found, const Budget& run) {
    std::set<std::string> suspects;
    for (const Scope& scope : make_scopes(found, run)) {
        if (is_within(scope.bytes, scope.max_bytes) && is_within(scope.blocks, scope.max_blocks))
            continue;
        for (const Leak* leak : scope.leaks) {
            if (leak->test) suspects.insert(*leak->test);
        }
    }
    std::vector<std::string> in_order;
    for (const std::size_t test : found.owners.tests()) {
        const std::string& label = found.owners.all()[test].label;
        if (suspects.count(label) != 0) in_order.push_back(label);
    }
    return in_order;
}

Confirmer::Confirmer(Findings& first, const ConfirmRules& rules) : first_(first), rules_(rules) {
    summary_.policy = rules.not_reproduced;
    summary_.repetitions = rules.repetitions;
}

void Confirmer::take(const Findings& exact, const std::vector<std::string>& tests) {
    const TestIndices first_tests = index_tests(first_.owners);
    const TestIndices exact_tests = index_tests(exact.owners);
    std::unordered_map<std::size_t, std::size_t> first_owner;  // by owner in the exact run
    std::vector<std::string> not_run;
    for (const std::string& test : tests) {
        const auto ran = exact_tests.find(test);
        if (ran == exact_tests.end()) {
            not_run.push_back(test);
            continue;
        }
        first_owner.emplace(ran->second, first_tests.at(test));
        first_.settled.insert(first_tests.at(test));
        ++summary_.tests;
    }
    ExactLeaks found;
    for (const SampledLeak& leak : exact.leaks) {
        const auto owner = first_owner.find(leak.owner);
        if (owner != first_owner.end()) found[owner->second].push_back({leak, {}});
    }
    for (const auto& [exact_owner, owner] : first_owner) found.try_emplace(owner);
    replace_leaks(std::move(found));
    if (not_run.empty()) return;
    leave_out(not_run,
              fmt::format("{} did not run again when asked for by name", name_tests(not_run)));
}

void Confirmer::leave_out(const std::vector<std::string>& tests, std::string problem) {
    summary_.left_out += tests.size();
    summary_.problems.push_back(std::move(problem));
}

void Confirmer::replace_leaks(ExactLeaks found) {
    std::vector<SampledLeak> kept;
    for (SampledLeak& leak : first_.leaks) {
        const auto owner = found.find(leak.owner);
        if (owner != found.end()) {
            if (ExactLeak* match = find_match(owner->second, leak.leak)) {
                match->seen_before.blocks += leak.leak.blocks.observed;
                match->seen_before.bytes += leak.leak.bytes.observed;
                continue;
            }
            mark_not_reproduced(leak, rules_.not_reproduced);
        }
        kept.push_back(std::move(leak));
    }
    for (auto& [owner, leaks] : found) {
        for (ExactLeak& one : leaks) {
            mark_confirmed(one, rules_);
            one.leak.owner = owner;
            kept.push_back(std::move(one.leak));
        }
    }
    first_.leaks = std::move(kept);
}

void Confirmer::count(const SampledLeak& leak) {
    switch (leak.leak.confirmation) {
        case Confirmation::confirmed:
            ++summary_.confirmed;
            break;
        case Confirmation::not_reproduced:
            ++summary_.not_reproduced;
            break;
        case Confirmation::unconfirmed:
        case Confirmation::none:
            ++summary_.unconfirmed;
            break;
    }
    if (leak.leak.repetition.growth == Growth::one_time) ++summary_.one_time;
}

void Confirmer::finish(double wall_seconds) {
    summary_.wall_seconds = wall_seconds;
    for (SampledLeak& leak : first_.leaks) {
        if (leak.leak.confirmation == Confirmation::none)
            leak.leak.confirmation = Confirmation::unconfirmed;
        count(leak);
    }
    put_in_report_order(first_.leaks);
    first_.confirmed = summary_;
}

}  // namespace leakcheck
