// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/elf_in_memory.hpp"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>

#include "runner/reach/live_block.hpp"

namespace leakcheck::reach {
namespace {

std::optional<Elf64_Ehdr> header_at(std::uint64_t address, const Memory& memory) {
    auto header = memory.value_at<Elf64_Ehdr>(address);
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
        header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_phentsize != sizeof(Elf64_Phdr))
        return std::nullopt;
    return header;
}

std::optional<LoadedObject> object_at(const ProcessMap& map, const Memory& memory) {
    const auto header = header_at(map.start, memory);
    if (!header) return std::nullopt;
    LoadedObject object;
    object.path = map.path;
    std::uint64_t lowest = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t highest = 0;
    for (std::uint64_t i = 0; i < header->e_phnum; ++i) {
        const auto segment =
            memory.value_at<Elf64_Phdr>(map.start + header->e_phoff + i * sizeof(Elf64_Phdr));
        if (!segment) return std::nullopt;
        if (segment->p_type == PT_TLS) {
            object.tls_size = segment->p_memsz;
            object.tls_bytes = segment->p_memsz + segment->p_align;
        }
        if (segment->p_type != PT_LOAD) continue;
        lowest = std::min(lowest, round_down(segment->p_vaddr, page_size));
        highest = std::max(highest, round_up(segment->p_vaddr + segment->p_memsz, page_size));
    }
    if (lowest >= highest || highest - lowest > address_limit) return std::nullopt;
    object.extent = {map.start, map.start + (highest - lowest)};
    object.first_address = lowest;
    return object;
}

}  // namespace

std::vector<LoadedObject> loaded_objects(const std::vector<ProcessMap>& maps,
                                         const Memory& memory) {
    std::vector<LoadedObject> objects;
    for (const ProcessMap& map : maps) {
        if (map.inode == 0 || map.file_offset != 0 || !map.readable || map.shared) continue;
        if (auto object = object_at(map, memory)) objects.push_back(std::move(*object));
    }
    return objects;
}

}  // namespace leakcheck::reach
