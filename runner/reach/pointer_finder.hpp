// SPDX-License-Identifier: Apache-2.0
//
// Finds the words that point into live blocks. Most words are refused at once; the others are gathered and looked up
// together, each with the next ones' cache lines already on their way: that, not the reading, is what takes the
// time in a heap that is larger than the caches. Thread safety: none; each thread has one of its own.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "runner/reach/live_block_index.hpp"

namespace leakcheck::reach {

class PointerFinder {
  public:
    struct Found {
        BlockNumber block = 0;     // that is pointed to
        std::uint32_t source = 0;  // as the caller has named it
        std::uint64_t offset = 0;  // in the block, bytes
        std::uint64_t place = 0;   // of the word, as the caller has numbered it
    };

    // The index outlives the object.
    explicit PointerFinder(const LiveBlockIndex& index);

    // Looks at words that lie in a row: the first is at `place`, the others behind it, counted by one.
    void add(std::span<const std::uint64_t> words, std::uint32_t source, std::uint64_t place) {
        while (!words.empty()) {
            const auto some = words.first(std::min(words.size(), most_at_once));
            if (waiting_ + some.size() > capacity) look_up();
            gather(some, source, place);
            words = words.subspan(some.size());
            place += some.size();
        }
    }
    // All that was found since clear(), in the order it was added.
    const std::vector<Found>& found() {
        look_up();
        return found_;
    }
    void clear() { found_.clear(); }

  private:
    struct Candidate {
        std::uint64_t word;
        std::uint64_t place;
        std::uint32_t source;
    };
    static constexpr std::size_t most_at_once = 1024;
    static constexpr std::size_t capacity = 4096;

    void gather(std::span<const std::uint64_t> words, std::uint32_t source, std::uint64_t place) {
        std::size_t count = waiting_;
        for (const std::uint64_t word : words) {
            if (index_->may_hold(word)) [[unlikely]]
                candidates_[count++] = {word, place, source};
            ++place;
        }
        waiting_ = count;
    }
    void look_up();

    const LiveBlockIndex* index_;
    std::unique_ptr<Candidate[]> candidates_;
    std::size_t waiting_ = 0;
    std::vector<Found> found_;
};

}  // namespace leakcheck::reach
