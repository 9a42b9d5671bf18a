// SPDX-License-Identifier: Apache-2.0
//
// Which block points to which: all that marking needs to know, so that the process can go on before it begins.
//
// Blocks are numbered as in the LiveBlockIndex. A part has the pointers of blocks_per_part blocks and is filled by one
// thread, block after block; several threads fill different parts. Memory: 5 bytes a block, 4 bytes a
// pointer to a start, 8 a pointer to an interior, twice that where places are kept.
// Thread safety: parts apart while it is filled, const afterwards.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "runner/reach/live_block_index.hpp"

namespace leakcheck::reach {

// Whether it is remembered at which offset of its block each pointer is, to explain afterwards what holds what.
enum class Places { forget, keep };

class PointerGraph {
  public:
    struct Pointer {
        BlockNumber target = 0;
        std::uint32_t offset =
            0;  // in the target, bytes; the highest value stands for all above, too
        std::uint32_t place = 0;  // in the source, words, likewise; 0 where places are not kept
    };

    // What a block's contents say of pointers into it.
    enum Trait : std::uint8_t {
        has_length = 1 << 0,         // a pointer to its second word counts as a start pointer
        has_string_header = 1 << 1,  // a pointer to its fourth word does
        has_vtable = 1 << 2,         // those to inner vtable pointers do, see add_inner_object()
        not_read = 1 << 3,           // part of it could not be read
    };

    class Part {
      public:
        // Pointers come in the order of their sources, counted from the part's first block.
        void add(std::uint32_t source, const Pointer& pointer, Places places);
        // An address in a block with a vtable, at which another vtable pointer is. Addresses rise.
        void add_inner_object(std::uint64_t address) { inner_objects_.push_back(address); }
        // Called once, after all else.
        void finish();

      private:
        friend class PointerGraph;

        void close_blocks_before(std::uint32_t source);

        std::vector<std::uint32_t> ends_;  // for each block, where its pointers end in words_
        std::vector<std::uint32_t> words_;
        std::vector<std::uint32_t> places_;  // as words_, if they are kept
        std::vector<std::uint64_t> inner_objects_;
    };

    static constexpr unsigned part_bits = 10;
    static constexpr std::uint32_t blocks_per_part = 1 << part_bits;

    // The index outlives the graph.
    explicit PointerGraph(const LiveBlockIndex& index);

    const LiveBlockIndex& index() const { return *index_; }
    std::size_t block_count() const { return traits_.size(); }
    std::size_t part_count() const { return parts_.size(); }
    Part& part(std::size_t number) { return parts_[number]; }
    void set_traits(BlockNumber block, std::uint8_t traits) { traits_[block] = traits; }
    std::uint8_t traits(BlockNumber block) const { return traits_[block]; }

    // Whether a pointer to that offset in the block is as good as one to its start.
    bool counts_as_start(BlockNumber block, std::uint64_t offset) const;
    // Calls visit(pointer) for each pointer of the block.
    template <typename Visit>
    void for_each_pointer(BlockNumber block, Visit&& visit) const;
    // The two steps to a block's pointers, ahead of them. Inlined by order: see LiveBlockIndex.
    [[gnu::always_inline]] void fetch_list(BlockNumber block) const {
        const Part& part = parts_[block >> part_bits];
        __builtin_prefetch(part.ends_.data() + (block & (blocks_per_part - 1)));
    }
    [[gnu::always_inline]] void fetch_pointers(BlockNumber block) const {
        const Part& part = parts_[block >> part_bits];
        const std::uint32_t local = block & (blocks_per_part - 1);
        if (local == 0 || local >= part.ends_.size()) return;
        __builtin_prefetch(part.words_.data() + part.ends_[local - 1]);
    }
    std::uint64_t bytes() const;

  private:
    static constexpr std::uint32_t is_interior = std::uint32_t{1} << 31;

    bool is_inner_object(BlockNumber block, std::uint64_t address) const;

    const LiveBlockIndex* index_;
    std::vector<Part> parts_;
    std::vector<std::uint8_t> traits_;
};

template <typename Visit>
void PointerGraph::for_each_pointer(BlockNumber block, Visit&& visit) const {
    const Part& part = parts_[block >> part_bits];
    const std::uint32_t local = block & (blocks_per_part - 1);
    if (local >= part.ends_.size()) return;
    const std::uint32_t end = part.ends_[local];
    for (std::uint32_t i = local == 0 ? 0 : part.ends_[local - 1]; i < end; ++i) {
        Pointer pointer{part.words_[i] & ~is_interior, 0, 0};
        if (!part.places_.empty()) pointer.place = part.places_[i];
        if ((part.words_[i] & is_interior) != 0) pointer.offset = part.words_[++i];
        visit(pointer);
    }
}

}  // namespace leakcheck::reach
