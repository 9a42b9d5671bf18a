// SPDX-License-Identifier: Apache-2.0
#include "runner/unwind/rule_set.hpp"

#include <algorithm>
#include <cstring>

namespace leakcheck::unwind {
namespace {

struct Halves {
    std::uint64_t low;
    std::uint64_t high;
};

// Rules have no padding, so that their bytes can be compared and hashed.
Halves halves_of(const leakcheck_unwind_rule& rule) {
    Halves halves{};
    static_assert(sizeof(halves) == sizeof(rule));
    std::memcpy(&halves, &rule, sizeof(halves));
    return halves;
}

}  // namespace

std::size_t RuleSet::Hash::operator()(const leakcheck_unwind_rule& rule) const {
    const auto [low, high] = halves_of(rule);
    const std::uint64_t mixed = (low ^ (high * 0x9e3779b97f4a7c15)) * 0xd6e8feb86659fd93;
    return mixed ^ (mixed >> 32);
}

bool RuleSet::Equal::operator()(const leakcheck_unwind_rule& a,
                                const leakcheck_unwind_rule& b) const {
    return std::memcmp(&a, &b, sizeof(a)) == 0;
}

RuleSet::RuleSet() {
    add(plain_rule(LEAKCHECK_CFA_NONE));
    add(plain_rule(LEAKCHECK_CFA_UNSUPPORTED));
}

std::uint16_t RuleSet::number(const leakcheck_unwind_rule& rule) {
    std::uint16_t& recent = recent_[Hash()(rule) % recent_.size()];
    if (!Equal()(rules_[recent], rule)) recent = add(rule);
    return recent;
}

std::uint16_t RuleSet::add(const leakcheck_unwind_rule& rule) {
    if (const auto known = numbers_.find(rule); known != numbers_.end()) return known->second;
    if (rules_.size() == LEAKCHECK_UNWIND_RULES) {
        ++refused_;
        return kRuleUnsupported;
    }
    const auto number = static_cast<std::uint16_t>(rules_.size());
    rules_.push_back(rule);
    numbers_.emplace(rule, number);
    return number;
}

std::span<const leakcheck_unwind_rule> RuleSet::since(std::size_t first) const {
    return std::span(rules_).subspan(std::min(first, rules_.size()));
}

}  // namespace leakcheck::unwind
