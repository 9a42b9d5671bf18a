// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/glibc_heaps.hpp"

#include <algorithm>

namespace leakcheck::reach {
namespace {

constexpr std::uint64_t heap_alignment = 64 << 20;  // HEAP_MAX_SIZE on 64-bit systems
constexpr std::uint64_t most_before_arena = 256;    // heap_info, before the arena in its first heap

struct HeapInfo {
    std::uint64_t arena;
    std::uint64_t previous;
    std::uint64_t size;
    std::uint64_t writable_size;
};

// The arena lies in its first heap, behind that one's heap_info.
bool is_arena_pointer(std::uint64_t arena, const Memory& memory) {
    const std::uint64_t first_heap = round_down(arena, heap_alignment);
    return arena - first_heap >= sizeof(HeapInfo) && arena - first_heap <= most_before_arena &&
           memory.word_at(first_heap) == arena;
}

std::optional<AddressRange> heap_at(std::uint64_t address, const Memory& memory) {
    const auto info = memory.value_at<HeapInfo>(address);
    if (!info || info->arena == 0 || info->previous % heap_alignment != 0 || info->size == 0 ||
        info->size > info->writable_size || info->writable_size > heap_alignment ||
        info->size % page_size != 0 || !is_arena_pointer(info->arena, memory))
        return std::nullopt;
    return AddressRange{address, address + info->writable_size};
}

struct ChunkHeader {
    std::uint64_t before;  // in a mapped chunk: bytes from its mapping to the header
    std::uint64_t size;
};
constexpr std::uint64_t is_mapped_flag = 2;
constexpr std::uint64_t flags = 7;

}  // namespace

AddressRanges arena_heaps(const ProcessMap& map, const AddressRanges& written,
                          const Memory& memory) {
    AddressRanges heaps;
    for (std::uint64_t address = round_up(map.start, heap_alignment); address < map.end;
         address += heap_alignment) {
        if (range_at(written, address) == nullptr) continue;
        if (auto heap = heap_at(address, memory)) heaps.push_back(*heap);
    }
    return heaps;
}

std::optional<AddressRange> mapped_chunk(const LiveBlock& block, const Memory& memory) {
    if (block.address < sizeof(ChunkHeader)) return std::nullopt;
    const std::uint64_t header_at = block.address - sizeof(ChunkHeader);
    const auto header = memory.value_at<ChunkHeader>(header_at);
    if (!header || (header->size & flags) != is_mapped_flag || header->before > header_at)
        return std::nullopt;
    const AddressRange chunk{header_at - header->before, header_at + (header->size & ~flags)};
    if (chunk.start % page_size != 0 || chunk.end % page_size != 0 || chunk.end < block.end() ||
        chunk.end > address_limit)
        return std::nullopt;
    return chunk;
}

}  // namespace leakcheck::reach
