// SPDX-License-Identifier: Apache-2.0
#include "analysis/repetitions.hpp"

#include <algorithm>
#include <set>

namespace leakcheck {

void RepetitionTally::add(std::uint32_t repetition, const BlockSum& leaked) {
    BlockSum& sum = sums_[repetition];
    sum.blocks += leaked.blocks;
    sum.bytes += leaked.bytes;
}

BlockSum RepetitionTally::worst() const {
    BlockSum worst;
    for (const auto& [repetition, sum] : sums_) {
        worst.blocks = std::max(worst.blocks, sum.blocks);
        worst.bytes = std::max(worst.bytes, sum.bytes);
    }
    return worst;
}

Repetition RepetitionTally::describe(std::uint32_t repetitions) const {
    BlockSum later;
    for (const auto& [repetition, sum] : sums_) {
        if (repetition <= 1) continue;
        later.blocks += sum.blocks;
        later.bytes += sum.bytes;
    }
    if (later.blocks == 0) return {Growth::one_time, 0.0, 0.0};
    const double count = repetitions - 1;
    return {Growth::growing, static_cast<double>(later.bytes) / count,
            static_cast<double>(later.blocks) / count};
}

bool repetitions_are_told_apart(const Snapshot& snapshot) {
    std::set<OwnerId> tests;
    for (const OwnerRecord& owner : snapshot.owners) {
        if (owner.kind == OwnerKind::test) tests.insert(owner.id);
    }
    return std::all_of(snapshot.live.begin(), snapshot.live.end(), [&](const LiveGroup& group) {
        return group.repetition != 0 || tests.count(group.owner) == 0;
    });
}

}  // namespace leakcheck
