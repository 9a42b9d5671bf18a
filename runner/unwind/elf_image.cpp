// SPDX-License-Identifier: Apache-2.0
#include "runner/unwind/elf_image.hpp"

#include <algorithm>
#include <limits>

namespace leakcheck::unwind {

ElfImage image_of(const elf::ElfFile& file) {
    return {file.handle(), file.header(), file.segments(), file.bytes()};
}

std::string_view file_bytes(const ElfImage& image, std::uint64_t offset, std::uint64_t size) {
    if (offset >= image.bytes.size()) return {};
    return image.bytes.substr(offset, size);
}

LoadedBytes loaded_bytes(const ElfImage& image, const GElf_Phdr& segment) {
    if (segment.p_type != PT_LOAD) return {};
    const std::string_view bytes = file_bytes(image, segment.p_offset, segment.p_filesz);
    const std::uint64_t room = std::numeric_limits<std::uint64_t>::max() - segment.p_vaddr;
    return {segment.p_vaddr, bytes.substr(0, room)};
}

std::vector<LoadedBytes> executable_bytes(const ElfImage& image) {
    std::vector<LoadedBytes> found;
    for (const GElf_Phdr& segment : image.segments) {
        if ((segment.p_flags & PF_X) != 0) found.push_back(loaded_bytes(image, segment));
    }
    std::ranges::stable_sort(found, {}, &LoadedBytes::address);
    std::vector<LoadedBytes> code;
    std::uint64_t end = 0;
    std::size_t room = image.bytes.size();
    for (LoadedBytes piece : found) {
        const std::uint64_t overlap = end > piece.address ? end - piece.address : 0;
        if (overlap >= piece.bytes.size()) continue;
        piece.bytes = piece.bytes.substr(overlap, room);
        piece.address += overlap;
        if (piece.bytes.empty()) break;
        end = piece.end();
        room -= piece.bytes.size();
        code.push_back(piece);
    }
    return code;
}

Elf_Scn* find_section(const ElfImage& image, std::string_view name, GElf_Shdr& header) {
    std::size_t names = 0;
    if (elf_getshdrstrndx(image.handle, &names) != 0) return nullptr;
    Elf_Scn* section = nullptr;
    while ((section = elf_nextscn(image.handle, section)) != nullptr) {
        if (gelf_getshdr(section, &header) == nullptr || header.sh_type == SHT_NOBITS) continue;
        const char* found = elf_strptr(image.handle, names, header.sh_name);
        if (found != nullptr && found == name) return section;
    }
    return nullptr;
}

MemoryImage::MemoryImage(std::string_view bytes) : bytes_(bytes) {
    elf_version(EV_CURRENT);
    // libelf only reads, though its interface does not say so.
    elf_.reset(elf_memory(const_cast<char*>(bytes.data()), bytes.size()));
    if (elf_) read_segments();
}

void MemoryImage::read_segments() {
    std::size_t count = 0;
    if (elf_kind(elf_.get()) != ELF_K_ELF || elf_getphdrnum(elf_.get(), &count) != 0) return;
    for (std::size_t i = 0; i < count; ++i) {
        GElf_Phdr segment;
        if (gelf_getphdr(elf_.get(), static_cast<int>(i), &segment) == nullptr) return;
        segments_.push_back(segment);
    }
}

std::optional<ElfImage> MemoryImage::image() const {
    ElfImage image{elf_.get(), {}, segments_, bytes_};
    if (!elf_ || elf_kind(elf_.get()) != ELF_K_ELF ||
        gelf_getehdr(elf_.get(), &image.header) == nullptr) {
        return std::nullopt;
    }
    return image;
}

}  // namespace leakcheck::unwind
