// SPDX-License-Identifier: Apache-2.0
#include "runner/unwind/elf_image.hpp"

#include <algorithm>
#include <limits>

namespace leakcheck::unwind {
namespace {

// Bytes whose end is not beyond the last address.
LoadedBytes at_address(std::uint64_t address, std::string_view bytes) {
    return {address, bytes.substr(0, std::numeric_limits<std::uint64_t>::max() - address)};
}

std::vector<LoadedBytes> executable_segments(const ElfImage& image) {
    std::vector<LoadedBytes> found;
    for (const GElf_Phdr& segment : image.segments) {
        const LoadedBytes bytes = loaded_bytes(image, segment);
        if ((segment.p_flags & PF_X) != 0 && !bytes.bytes.empty()) found.push_back(bytes);
    }
    return found;
}

std::vector<LoadedBytes> executable_sections(const ElfImage& image) {
    std::vector<LoadedBytes> found;
    Elf_Scn* section = nullptr;
    while ((section = elf_nextscn(image.handle, section)) != nullptr) {
        GElf_Shdr header;
        constexpr std::uint64_t wanted = SHF_ALLOC | SHF_EXECINSTR;
        if (gelf_getshdr(section, &header) == nullptr || header.sh_type == SHT_NOBITS) continue;
        if ((header.sh_flags & wanted) != wanted) continue;
        found.push_back(
            at_address(header.sh_addr, file_bytes(image, header.sh_offset, header.sh_size)));
    }
    return found;
}

}  // namespace

ElfImage image_of(const elf::ElfFile& file) {
    return {file.handle(), file.header(), file.segments(), file.bytes()};
}

std::string_view file_bytes(const ElfImage& image, std::uint64_t offset, std::uint64_t size) {
    if (offset >= image.bytes.size()) return {};
    return image.bytes.substr(offset, size);
}

LoadedBytes loaded_bytes(const ElfImage& image, const GElf_Phdr& segment) {
    if (segment.p_type != PT_LOAD) return {};
    return at_address(segment.p_vaddr, file_bytes(image, segment.p_offset, segment.p_filesz));
}

AddressSpan executable_span(const ElfImage& image) {
    AddressSpan span;
    for (const LoadedBytes& piece : executable_segments(image)) {
        const bool first = span.start == span.end;
        span.start = first ? piece.address : std::min(span.start, piece.address);
        span.end = first ? piece.end() : std::max(span.end, piece.end());
    }
    return span;
}

std::vector<LoadedBytes> executable_bytes(const ElfImage& image) {
    std::vector<LoadedBytes> found = executable_sections(image);
    if (found.empty()) found = executable_segments(image);
    std::ranges::sort(found, {}, &LoadedBytes::address);
    const AddressSpan span = executable_span(image);
    std::vector<LoadedBytes> code;
    std::uint64_t end = span.start;
    std::size_t room = image.bytes.size();
    for (const LoadedBytes& piece : found) {
        const std::uint64_t start = std::max(end, piece.address);
        end = std::max(start, std::min(piece.end(), span.end));
        const std::size_t size = std::min<std::uint64_t>(room, end - start);
        if (size == 0) continue;
        code.push_back({start, piece.bytes.substr(start - piece.address, size)});
        room -= size;
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
