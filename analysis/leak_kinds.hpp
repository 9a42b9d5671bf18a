// SPDX-License-Identifier: Apache-2.0
//
// What the kinds of live blocks are called in options, reports and recordings, and sets of them.
// Ownership: plain values. Thread safety: values and constants only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "analysis/leak_kind.hpp"

namespace leakcheck {

// From the surest leak on, in the order of the enumerators.
inline constexpr std::array<std::pair<LeakKind, std::string_view>, 8> leak_kind_names{{
    {LeakKind::definite, "definite"},
    {LeakKind::indirect, "indirect"},
    {LeakKind::possible, "possible"},
    {LeakKind::reachable, "reachable"},
    {LeakKind::referenced, "referenced"},
    {LeakKind::unclassified, "unclassified"},
    {LeakKind::outstanding, "outstanding"},
    {LeakKind::released_late, "released-late"},
}};

constexpr std::string_view leak_kind_name(LeakKind kind) {
    return leak_kind_names[static_cast<std::size_t>(kind)].second;
}

class LeakKinds {
  public:
    constexpr LeakKinds() = default;
    constexpr LeakKinds(std::initializer_list<LeakKind> kinds) {
        for (const LeakKind kind : kinds) insert(kind);
    }

    constexpr void insert(LeakKind kind) { bits_ |= bit(kind); }
    constexpr bool contains(LeakKind kind) const { return (bits_ & bit(kind)) != 0; }

    bool operator==(const LeakKinds&) const = default;

  private:
    static constexpr unsigned bit(LeakKind kind) { return 1u << static_cast<unsigned>(kind); }

    unsigned bits_ = 0;
};

constexpr LeakKinds all_leak_kinds() {
    LeakKinds all;
    for (const auto& [kind, name] : leak_kind_names) all.insert(kind);
    return all;
}

// Nothing leads to these blocks: they are leaked whoever made them.
inline constexpr LeakKinds lost_kinds{LeakKind::definite, LeakKind::indirect};

// To these a pointer leads, or may lead: they are listed, not counted. Blocks of which nothing is known
// are not among them, so that a check that could not be made never lets a leak pass.
inline constexpr LeakKinds held_kinds{LeakKind::possible, LeakKind::reachable,
                                      LeakKind::referenced};

inline constexpr LeakKinds failing_by_default{LeakKind::definite, LeakKind::indirect,
                                              LeakKind::unclassified, LeakKind::outstanding};

// What is still reachable is mostly meant to be: its sum is told, and --show lists it.
inline constexpr LeakKinds shown_by_default{LeakKind::definite, LeakKind::indirect,
                                            LeakKind::possible, LeakKind::unclassified,
                                            LeakKind::outstanding};

}  // namespace leakcheck
