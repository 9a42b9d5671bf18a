// SPDX-License-Identifier: Apache-2.0
#include "runner/unwind/frame_section.hpp"

#include <dwarf.h>

namespace leakcheck::unwind {
namespace {

// Call frame information compresses to a third or so.
constexpr std::uint64_t kLargestRatio = 64;
constexpr std::uint64_t kLargestDecompressed = std::uint64_t{256} << 20;  // bytes

constexpr std::uint8_t kHeaderVersion = 1;

// What the file holds from an address to the end of its segment.
FrameSection bytes_from(const ElfImage& image, std::uint64_t address) {
    for (const GElf_Phdr& segment : image.segments) {
        const LoadedBytes loaded = loaded_bytes(image, segment);
        if (address >= loaded.address && address < loaded.end()) {
            return {loaded.bytes.substr(address - loaded.address), address};
        }
    }
    return {};
}

// .eh_frame_hdr: four bytes of encodings, then a pointer to .eh_frame (LSB 5.0, section 10.6.2).
std::optional<std::uint64_t> eh_frame_address(const ElfImage& image, const GElf_Phdr& segment) {
    const std::string_view bytes = file_bytes(image, segment.p_offset, segment.p_filesz);
    const auto* begin = reinterpret_cast<const std::uint8_t*>(bytes.data());
    ByteReader reader(begin, begin + bytes.size());
    if (reader.byte() != kHeaderVersion) return std::nullopt;
    const std::uint8_t encoding = reader.byte();
    reader.skip(2);
    return read_pointer(reader, encoding, {begin, segment.p_vaddr, segment.p_vaddr});
}

std::optional<FrameSection> by_segment(const ElfImage& image) {
    for (const GElf_Phdr& segment : image.segments) {
        if (segment.p_type != PT_GNU_EH_FRAME) continue;
        const std::optional<std::uint64_t> address = eh_frame_address(image, segment);
        if (!address) return std::nullopt;
        FrameSection section = bytes_from(image, *address);
        section.end = FrameSection::End::AtTerminator;
        if (section.bytes.empty()) return std::nullopt;
        return section;
    }
    return std::nullopt;
}

bool is_sane(Elf_Scn* section, const GElf_Shdr& header) {
    GElf_Chdr compression;
    if (gelf_getchdr(section, &compression) == nullptr) return false;
    return compression.ch_size <= kLargestDecompressed &&
           compression.ch_size / kLargestRatio <= header.sh_size;
}

std::string_view decompressed(Elf_Scn* section, const GElf_Shdr& header) {
    if (!is_sane(section, header) || elf_compress(section, 0, 0) < 0) return {};
    const Elf_Data* data = elf_getdata(section, nullptr);
    if (data == nullptr || data->d_buf == nullptr) return {};
    return {static_cast<const char*>(data->d_buf), data->d_size};
}

}  // namespace

std::optional<FrameSection> find_eh_frame(const ElfImage& image) {
    GElf_Shdr header;
    if (find_section(image, ".eh_frame", header) == nullptr) return by_segment(image);
    const std::string_view bytes = file_bytes(image, header.sh_offset, header.sh_size);
    if (bytes.empty()) return std::nullopt;
    return FrameSection{bytes, header.sh_addr};
}

std::optional<FrameSection> find_debug_frame(const ElfImage& image) {
    GElf_Shdr header;
    Elf_Scn* section = find_section(image, ".debug_frame", header);
    if (section == nullptr) return std::nullopt;
    const std::string_view bytes = (header.sh_flags & SHF_COMPRESSED) != 0
                                       ? decompressed(section, header)
                                       : file_bytes(image, header.sh_offset, header.sh_size);
    if (bytes.empty()) return std::nullopt;
    return FrameSection{bytes, header.sh_addr, FrameSection::Format::DebugFrame};
}

}  // namespace leakcheck::unwind
