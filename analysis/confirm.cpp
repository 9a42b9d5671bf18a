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

// What was seen to be lost is not confirmed by what is held now.
bool may_confirm(const SampledLeak& exact, const SampledLeak& wanted) {
    if (is_gating(wanted) && lost_kinds.contains(wanted.leak.kind)) return is_gating(exact);
    return true;
}

// Null where the exact run does not show it.
ExactLeak* find_match(std::vector<ExactLeak>& leaks, const SampledLeak& wanted) {
    const auto find = [&](const auto& is_same) -> ExactLeak* {
        const auto found = std::find_if(leaks.begin(), leaks.end(), [&](const ExactLeak& one) {
            return is_same(one.leak) && may_confirm(one.leak, wanted);
        });
        return found != leaks.end() ? &*found : nullptr;
    };
    const auto by_fingerprint = [&](const SampledLeak& one) {
        return one.leak.fingerprint == wanted.leak.fingerprint;
    };
    const auto by_family = [&](const SampledLeak& one) { return one.family == wanted.family; };
    const auto by_site = [&](const SampledLeak& one) {
        return same_site(one.leak.site, wanted.leak.site);
    };
    if (ExactLeak* found = find(by_fingerprint)) return found;
    if (ExactLeak* found = find(by_family)) return found;
    return find(by_site);
}

void mark_not_reproduced(SampledLeak& leak, NotReproducedPolicy policy) {
    leak.leak.confirmation = Confirmation::not_reproduced;
    set_certain_amount(leak, observed(leak));
    if (policy != NotReproducedPolicy::fail && is_gating(leak)) {
        leak.leak.not_gated = NotGated::not_reproduced;
    }
}

BlockSum operator+(const BlockSum& a, const BlockSum& b) {
    return {a.blocks + b.blocks, a.bytes + b.bytes};
}

struct FamilySum {
    ExactLeak* largest = nullptr;  // of those that count
    BlockSum now;
    BlockSum before;
};

// Leaks that differ in kind alone are compared together: how the blocks of one line divide into kinds may
// change from run to run. What the first run saw more of is added to the largest that counts.
void keep_what_was_seen_before(std::vector<ExactLeak>& leaks) {
    std::map<std::string, FamilySum> families;
    for (ExactLeak& exact : leaks) {
        const bool counts = is_gating(exact.leak);
        if (!counts && exact.leak.leak.not_gated != NotGated::one_time) continue;
        FamilySum& family = families[exact.leak.family];
        if (counts && family.largest == nullptr) family.largest = &exact;
        family.now = family.now + observed(exact.leak);
        family.before = family.before + exact.seen_before;
    }
    for (const auto& [name, family] : families) {
        if (family.largest == nullptr) continue;
        const auto more = [](std::uint64_t before, std::uint64_t now) {
            return before > now ? before - now : 0;
        };
        SampledLeak& leak = family.largest->leak;
        set_certain_amount(leak,
                           observed(leak) + BlockSum{more(family.before.blocks, family.now.blocks),
                                                     more(family.before.bytes, family.now.bytes)});
    }
}

}  // namespace

std::string name_tests(const std::vector<std::string>& tests) {
    if (tests.size() == 1) return tests[0];
    return fmt::format("{} tests ({}, ...)", tests.size(), tests[0]);
}

std::vector<std::string> find_suspects(const Findings& found, const AnalysisOptions& options) {
    std::set<std::string> suspects;
    for (const Scope& scope : make_scopes(found, options)) {
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
            if (ExactLeak* match = find_match(owner->second, leak)) {
                if (is_gating(leak)) match->seen_before = match->seen_before + observed(leak);
                continue;
            }
            mark_not_reproduced(leak, rules_.not_reproduced);
        }
        kept.push_back(std::move(leak));
    }
    for (auto& [owner, leaks] : found) {
        mark_confirmed(leaks);
        for (ExactLeak& one : leaks) {
            one.leak.owner = owner;
            kept.push_back(std::move(one.leak));
        }
    }
    first_.leaks = std::move(kept);
}

void Confirmer::mark_confirmed(std::vector<ExactLeak>& leaks) const {
    for (ExactLeak& exact : leaks) {
        Leak& leak = exact.leak.leak;
        leak.confirmation = Confirmation::confirmed;
        const bool one_time = leak.repetition.growth == Growth::one_time;
        if (is_gating(exact.leak) && one_time && !rules_.gate_one_time)
            leak.not_gated = NotGated::one_time;
    }
    if (rules_.not_reproduced == NotReproducedPolicy::fail) keep_what_was_seen_before(leaks);
}

void Confirmer::count(const SampledLeak& leak) {
    switch (leak.leak.not_gated) {
        case NotGated::kind:
        case NotGated::suppressed:
        case NotGated::in_baseline:
            return;
        default:
            break;
    }
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
