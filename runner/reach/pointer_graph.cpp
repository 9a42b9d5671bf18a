// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/pointer_graph.hpp"

#include <algorithm>

namespace leakcheck::reach {

void PointerGraph::Part::close_blocks_before(std::uint32_t source) {
    while (ends_.size() < source) ends_.push_back(static_cast<std::uint32_t>(words_.size()));
}

void PointerGraph::Part::add(std::uint32_t source, const Pointer& pointer, Places places) {
    close_blocks_before(source);
    words_.push_back(pointer.offset == 0 ? pointer.target : pointer.target | is_interior);
    if (pointer.offset != 0) words_.push_back(pointer.offset);
    if (places == Places::keep) places_.resize(words_.size(), pointer.place);
}

void PointerGraph::Part::finish() {
    close_blocks_before(blocks_per_part);
    words_.shrink_to_fit();
    places_.shrink_to_fit();
    inner_objects_.shrink_to_fit();
}

PointerGraph::PointerGraph(const LiveBlockIndex& index)
    : index_(&index),
      parts_((index.blocks().size() + blocks_per_part - 1) / blocks_per_part),
      traits_(index.blocks().size()) {}

bool PointerGraph::is_inner_object(BlockNumber block, std::uint64_t address) const {
    const std::vector<std::uint64_t>& known = parts_[block >> part_bits].inner_objects_;
    return std::binary_search(known.begin(), known.end(), address);
}

bool PointerGraph::counts_as_start(BlockNumber block, std::uint64_t offset) const {
    const std::uint8_t traits = traits_[block];
    if (offset == 0) return true;
    if (offset == word_size && (traits & has_length) != 0) return true;
    if (offset == 3 * word_size && (traits & has_string_header) != 0) return true;
    return (traits & has_vtable) != 0 &&
           is_inner_object(block, index_->blocks()[block].address + offset);
}

std::uint64_t PointerGraph::bytes() const {
    std::uint64_t sum = traits_.capacity() + parts_.capacity() * sizeof(Part);
    for (const Part& part : parts_) {
        sum += 4 * (part.ends_.capacity() + part.words_.capacity() + part.places_.capacity()) +
               8 * part.inner_objects_.capacity();
    }
    return sum;
}

}  // namespace leakcheck::reach
