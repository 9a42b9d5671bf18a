// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/pointer_finder.hpp"

#include <algorithm>

namespace leakcheck::reach {
namespace {

// How far ahead cache lines are asked for, in candidates: a miss takes about as long as ten look-ups that hit.
constexpr std::size_t slots_ahead = 32;
constexpr std::size_t blocks_ahead = 16;

}  // namespace

PointerFinder::PointerFinder(const LiveBlockIndex& index)
    : index_(&index), candidates_(std::make_unique<Candidate[]>(capacity)) {}

void PointerFinder::look_up() {
    for (std::size_t i = 0; i < std::min(waiting_, slots_ahead); ++i)
        index_->fetch_slot(candidates_[i].word);
    for (std::size_t i = 0; i < waiting_; ++i) {
        if (i + slots_ahead < waiting_) index_->fetch_slot(candidates_[i + slots_ahead].word);
        if (i + blocks_ahead < waiting_) index_->fetch_block(candidates_[i + blocks_ahead].word);
        const Candidate& candidate = candidates_[i];
        if (const auto hit = index_->find(candidate.word))
            found_.push_back({hit->block, candidate.source, hit->offset, candidate.place});
    }
    waiting_ = 0;
}

}  // namespace leakcheck::reach
