// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/runner/reach/fake_memory.hpp"

#include <algorithm>
#include <cstring>

namespace leakcheck::reach::test {

std::size_t FakeMemory::read(std::uint64_t address, std::span<std::byte> buffer) const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < buffer.size(); ++i) {
        const std::uint64_t place = address + i;
        if (std::any_of(unreadable_.begin(), unreadable_.end(),
                        [&](const AddressRange& range) { return range.contains(place); }))
            continue;
        const auto word = words_.find(round_down(place, word_size));
        const std::uint64_t value = word == words_.end() ? 0 : word->second;
        buffer[i] = static_cast<std::byte>(value >> 8 * (place % word_size));
        ++count;
    }
    return count;
}

std::uint64_t FakeHeap::add(std::uint64_t address, std::uint64_t size) {
    blocks.push_back({address, size});
    return address;
}

BlockNumber FakeHeap::number(std::uint64_t address) const {
    const auto found = std::find_if(blocks.begin(), blocks.end(), [&](const LiveBlock& block) {
        return block.address == address;
    });
    return static_cast<BlockNumber>(found - blocks.begin());
}

Marks FakeHeap::mark(Everything everything) {
    const LiveBlockIndex index(blocks);
    blocks = index.blocks();
    PointerGraph graph(index);
    const AddressRanges all{{0, address_limit}};
    const FileMappings mappings(files);
    scan.memory = &memory;
    scan.written = &all;
    scan.mapped = &all;
    scan.files = &mappings;
    counts = scan_blocks(scan, graph);
    std::vector<RootPointer> roots;
    for (std::size_t i = 0; i < held.size(); ++i)
        if (const auto hit = index.find(held[i]))
            roots.push_back({i, hit->block, static_cast<std::uint32_t>(hit->offset)});
    result = reach::mark(graph, roots, scan.places, everything, out_of_time);
    for (BlockNumber i = 0; i < blocks.size(); ++i) traits.push_back(graph.traits(i));
    return result;
}

}  // namespace leakcheck::reach::test
