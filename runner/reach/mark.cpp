// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/mark.hpp"

#include <algorithm>
#include <numeric>

namespace leakcheck::reach {
namespace {

constexpr unsigned blocks_between_looks_at_clock = 4096;

// How far ahead cache lines are asked for, in blocks.
constexpr std::size_t blocks_ahead = 32;
constexpr std::size_t pointers_ahead = 16;

enum class State : std::uint8_t { unseen, pointed_into, possible, reachable, leader, indirect };

class Marker {
  public:
    Marker(const PointerGraph& graph, Places places, const OutOfTime& out_of_time)
        : graph_(graph),
          out_of_time_(out_of_time),
          states_(graph.block_count(), State::unseen),
          leaders_(graph.block_count()) {
        std::iota(leaders_.begin(), leaders_.end(), BlockNumber{0});
        if (places == Places::keep) reached_from_.resize(graph.block_count());
    }

    void mark_reachable(std::span<const RootPointer> roots) {
        for (const RootPointer& root : roots)
            reach(root.target, {ReachedFrom::no_block, root.offset, root.where});
        follow([&](BlockNumber from, const PointerGraph::Pointer& pointer) {
            reach(pointer.target, place_of(from, pointer));
        });
    }

    void mark_possible() {
        for (BlockNumber block = 0; block < states_.size(); ++block)
            if (states_[block] == State::pointed_into) take(block, State::possible);
        follow([&](BlockNumber from, const PointerGraph::Pointer& pointer) {
            if (states_[pointer.target] != State::unseen) return;
            note(pointer.target, place_of(from, pointer));
            take(pointer.target, State::possible);
        });
    }

    void mark_leaked() {
        for (BlockNumber leader = 0; leader < states_.size() && complete_; ++leader) {
            if (states_[leader] != State::unseen) continue;
            take(leader, State::leader);
            follow([&](BlockNumber from, const PointerGraph::Pointer& pointer) {
                lead(leader, pointer.target, place_of(from, pointer));
            });
        }
    }

    bool complete() const { return complete_; }

    Marks marks(bool leaks_are_known) {
        Marks marks;
        marks.complete = complete_;
        marks.kinds.reserve(states_.size());
        for (const State state : states_) marks.kinds.push_back(kind_of(state, leaks_are_known));
        if (leaks_are_known) resolve_leaders();
        marks.leaders = std::move(leaders_);
        marks.reached_from = std::move(reached_from_);
        return marks;
    }

  private:
    void reach(BlockNumber block, const ReachedFrom& from) {
        State& state = states_[block];
        if (state == State::reachable) return;
        if (graph_.counts_as_start(block, from.entered_at)) {
            note(block, from);
            take(block, State::reachable);
        } else if (state == State::unseen) {
            note(block, from);
            state = State::pointed_into;
        }
    }

    // A leader that turns out to be led itself has taken all it leads to already.
    void lead(BlockNumber leader, BlockNumber block, const ReachedFrom& from) {
        if (block == leader) return note_ring(leader, from);
        if (states_[block] == State::unseen) {
            take(block, State::indirect);
        } else if (states_[block] == State::leader) {
            states_[block] = State::indirect;
        } else {
            return;
        }
        note(block, from);
        leaders_[block] = leader;
    }

    void take(BlockNumber block, State state) {
        states_[block] = state;
        waiting_.push_back(block);
    }

    // What is soon to be looked at is fetched ahead.
    template <typename Visit>
    void follow(Visit&& visit) {
        std::size_t fetched = 0;
        for (std::size_t at = 0; at < waiting_.size() && complete_; ++at) {
            for (; fetched < std::min(waiting_.size(), at + blocks_ahead); ++fetched)
                graph_.fetch_list(waiting_[fetched]);
            if (at + pointers_ahead < fetched) graph_.fetch_pointers(waiting_[at + pointers_ahead]);
            if (++followed_ % blocks_between_looks_at_clock == 0 && out_of_time_())
                complete_ = false;
            const BlockNumber block = waiting_[at];
            graph_.for_each_pointer(
                block, [&](const PointerGraph::Pointer& pointer) { visit(block, pointer); });
        }
        waiting_.clear();
    }

    ReachedFrom place_of(BlockNumber block, const PointerGraph::Pointer& pointer) const {
        if (reached_from_.empty()) return {block, pointer.offset};
        return {block, pointer.offset, pointer.place * word_size, reached_from_[block].steps + 1};
    }
    void note(BlockNumber block, const ReachedFrom& from) {
        if (!reached_from_.empty()) reached_from_[block] = from;
    }
    // It is the first time: the shortest way round.
    void note_ring(BlockNumber leader, const ReachedFrom& from) {
        if (!reached_from_.empty() && reached_from_[leader].where == ReachedFrom::nowhere)
            note(leader, from);
    }

    static LeakKind kind_of(State state, bool leaks_are_known) {
        if (state == State::reachable) return LeakKind::reachable;
        if (state == State::possible || state == State::pointed_into) return LeakKind::possible;
        if (!leaks_are_known) return LeakKind::unclassified;
        return state == State::leader ? LeakKind::definite : LeakKind::indirect;
    }

    // What leads a leader came later, so it stands higher: from the top down, each leader's own is final when it is
    // asked for. Those below their leader are done with the leaders, those above it afterwards.
    void resolve_leaders() {
        for (std::size_t block = leaders_.size(); block-- > 0;)
            if (leaders_[block] > block) leaders_[block] = leaders_[leaders_[block]];
        for (std::size_t block = 0; block < leaders_.size(); ++block)
            if (leaders_[block] < block) leaders_[block] = leaders_[leaders_[block]];
    }

    const PointerGraph& graph_;
    const OutOfTime& out_of_time_;
    HugeVector<State> states_;
    std::vector<BlockNumber> leaders_;
    std::vector<ReachedFrom> reached_from_;
    std::vector<BlockNumber> waiting_;  // those that are to be followed, and those that were
    unsigned followed_ = 0;
    bool complete_ = true;
};

}  // namespace

Marks mark(const PointerGraph& graph, std::span<const RootPointer> roots, Places places,
           Everything everything, const OutOfTime& out_of_time) {
    Marker marker(graph, places, out_of_time);
    marker.mark_reachable(roots);
    const bool reachable_are_known = marker.complete() && everything == Everything::read;
    if (!reachable_are_known) return marker.marks(false);
    marker.mark_possible();
    if (marker.complete()) marker.mark_leaked();
    return marker.marks(marker.complete());
}

Marks unclassified(std::size_t blocks) {
    Marks marks;
    marks.kinds.assign(blocks, LeakKind::unclassified);
    marks.leaders.resize(blocks);
    std::iota(marks.leaders.begin(), marks.leaders.end(), BlockNumber{0});
    marks.complete = false;
    return marks;
}

}  // namespace leakcheck::reach
