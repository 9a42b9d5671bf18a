// SPDX-License-Identifier: Apache-2.0
//
// Who owns allocations, by name: the brackets of a run merged where they carry the same name
// (repeated tests, several processes). Thread safety: const after construction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "analysis/snapshot.hpp"

namespace leakcheck {

struct Owner {
    OwnerKind kind = OwnerKind::outside_tests;
    std::string suite;
    std::string test;
    std::string label;  // see owner_label
    std::uint32_t runs = 0;
    std::uint64_t first_order = 0;
    std::uint64_t duration_ns = 0;
};

// "Suite.Test", "Suite (set-up)", "environment (tear-down)", "outside tests".
std::string owner_label(OwnerKind kind, const std::string& suite, const std::string& test);

class Owners {
  public:
    explicit Owners(const Snapshot& snapshot);

    // Index into all(). Ids that are not on record, 0 among them, are outside tests.
    std::size_t index_of(OwnerId id) const;
    const Owner& of(OwnerId id) const { return all_[index_of(id)]; }

    const std::vector<Owner>& all() const {
        return all_;
    }  // never empty: the first is outside tests

    // Indices of those that are tests, in order of first entry.
    std::vector<std::size_t> tests() const;

  private:
    std::vector<Owner> all_;
    std::unordered_map<OwnerId, std::size_t> index_;
};

}  // namespace leakcheck
