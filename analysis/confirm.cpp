// SPDX-License-Identifier: Apache-2.0
#include "analysis/confirm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "analysis/scopes.hpp"

namespace leakcheck {
namespace {

std::optional<std::size_t> find_test(const Owners& owners, const std::string& label) {
    for (std::size_t index = 0; index < owners.all().size(); ++index) {
        const Owner& owner = owners.all()[index];
        if (owner.kind == OwnerKind::test && owner.label == label) return index;
    }
    return std::nullopt;
}

bool same_site(const SourceLocation& a, const SourceLocation& b) {
    return !a.function.empty() && a == b;
}

BlockSum observed(const SampledLeak& leak) {
    return {leak.leak.blocks.observed, leak.leak.bytes.observed};
}

// A leak of the exact run, and what the first run saw of it.
struct ExactLeak {
    SampledLeak leak;
    BlockSum seen_before;
};

std::vector<ExactLeak> leaks_of(const Findings& exact, std::size_t owner) {
    std::vector<ExactLeak> leaks;
    for (const SampledLeak& leak : exact.leaks) {
        if (leak.owner == owner) leaks.push_back({leak, {}});
    }
    return leaks;
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
    std::vector<std::string> not_run;
    for (const std::string& test : tests) {
        const auto owner = find_test(first_.owners, test);
        const auto exact_owner = find_test(exact.owners, test);
        if (owner && exact_owner) {
            replace_leaks(*owner, exact, *exact_owner);
            first_.settled.insert(*owner);
            ++summary_.tests;
        } else {
            not_run.push_back(test);
        }
    }
    if (not_run.empty()) return;
    leave_out(not_run, fmt::format("{} did not run again when asked for by name",
                                   not_run.size() == 1 ? not_run[0]
                                                       : fmt::format("{} tests ({}, ...)",
                                                                     not_run.size(), not_run[0])));
}

void Confirmer::leave_out(const std::vector<std::string>& tests, std::string problem) {
    summary_.left_out += tests.size();
    summary_.problems.push_back(std::move(problem));
}

void Confirmer::replace_leaks(std::size_t owner, const Findings& exact, std::size_t exact_owner) {
    std::vector<ExactLeak> found = leaks_of(exact, exact_owner);
    std::vector<SampledLeak> kept;
    for (SampledLeak& leak : first_.leaks) {
        ExactLeak* match = leak.owner == owner ? find_match(found, leak.leak) : nullptr;
        if (match != nullptr) {
            match->seen_before.blocks += leak.leak.blocks.observed;
            match->seen_before.bytes += leak.leak.bytes.observed;
            continue;
        }
        if (leak.owner == owner) mark_not_reproduced(leak, rules_.not_reproduced);
        kept.push_back(std::move(leak));
    }
    for (ExactLeak& one : found) {
        mark_confirmed(one, rules_);
        one.leak.owner = owner;
        kept.push_back(std::move(one.leak));
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
