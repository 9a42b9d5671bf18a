// SPDX-License-Identifier: Apache-2.0
#include "analysis/identity.hpp"

#include <algorithm>
#include <tuple>

#include "analysis/fingerprint.hpp"

namespace leakcheck {
namespace {

bool frame_before(const Frame& a, const Frame& b) {
    return std::tie(a.function, a.file, a.line, a.module, a.address) <
           std::tie(b.function, b.file, b.line, b.module, b.address);
}

bool stack_before(const Leak& a, const Leak& b) {
    return std::lexicographical_compare(a.stack.begin(), a.stack.end(), b.stack.begin(),
                                        b.stack.end(), frame_before);
}

// Of one owner, only the kind decides between these.
NotGated reason_but_for_kind(NotGated reason) {
    switch (reason) {
        case NotGated::outside_tests:
        case NotGated::no_tests:
        case NotGated::kind:
            return NotGated::none;
        default:
            return reason;
    }
}

// Complete stacks come first, so that no stack that was cut by chance changes the fingerprint of a
// complete one.
auto family_key(const Leak& leak) {
    return std::tuple<StackStatus, NotGated, const std::string&, const std::string&>(
        leak.stack_status, reason_but_for_kind(leak.not_gated), leak.owner, leak.known_reason);
}

// An order by what the leaks are, not by how much they leak or where they were loaded: it decides
// which of two families that hash alike keeps the plain hash. The kind comes last.
bool identity_before(const SampledLeak& first, const SampledLeak& second) {
    const Leak& a = first.leak;
    const Leak& b = second.leak;
    if (family_key(a) != family_key(b)) return family_key(a) < family_key(b);
    if (stack_before(a, b)) return true;
    if (stack_before(b, a)) return false;
    return a.kind < b.kind;
}

// `last` comes before `next`, or is equal. Two of one kind are from different programs.
bool are_family(const Leak& last, const Leak& next) {
    return family_key(last) == family_key(next) && !stack_before(last, next) &&
           last.kind != next.kind;
}

}  // namespace

void identify(std::vector<SampledLeak>& leaks) {
    std::stable_sort(leaks.begin(), leaks.end(), identity_before);
    FingerprintRegister fingerprints;
    const SampledLeak* last = nullptr;
    bool plain_is_free = false;
    for (SampledLeak& one : leaks) {
        const bool joins = last != nullptr && are_family(last->leak, one.leak);
        one.family = joins ? last->family : fingerprints.add(one.leak.owner, one.leak.stack);
        if (!joins) plain_is_free = true;
        const bool takes_plain = plain_is_free && !held_kinds.contains(one.leak.kind);
        one.leak.fingerprint =
            takes_plain ? one.family : fingerprints.add_kind(one.family, one.leak.kind);
        if (takes_plain) plain_is_free = false;
        last = &one;
    }
}

}  // namespace leakcheck
