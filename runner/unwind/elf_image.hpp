// SPDX-License-Identifier: Apache-2.0
//
// What the table reader sees of an ELF object, be it a file or a copy of memory. Sizes and offsets
// are those in the object: they are checked where they are used. Ownership: a view. Thread safety:
// none. Source of the format: the System V ABI, chapters 4 and 5.
#pragma once

#include <gelf.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "runner/elf/elf_file.hpp"

namespace leakcheck::unwind {

struct ElfImage {
    Elf* handle = nullptr;
    GElf_Ehdr header{};
    std::span<const GElf_Phdr> segments;
    std::string_view bytes;  // the whole object
};

ElfImage image_of(const elf::ElfFile& file);

// A piece of an object's memory that its file holds.
struct LoadedBytes {
    std::uint64_t address = 0;
    std::string_view bytes;

    std::uint64_t end() const { return address + bytes.size(); }  // never beyond 2^64 - 1
};

// What the file holds of a PT_LOAD segment; empty for others.
LoadedBytes loaded_bytes(const ElfImage& image, const GElf_Phdr& segment);

struct AddressSpan {
    std::uint64_t start = 0;
    std::uint64_t end = 0;  // exclusive
};

// From the first to the last byte of executable segments that the file holds; empty if there is none.
AddressSpan executable_span(const ElfImage& image);

// What the file holds of code: executable sections, or where none are known executable segments. In
// executable_span(), sorted by address, without overlap, no more bytes than the file has.
std::vector<LoadedBytes> executable_bytes(const ElfImage& image);

// The header of the first section with a name that has contents in this file, or null.
Elf_Scn* find_section(const ElfImage& image, std::string_view name, GElf_Shdr& header);

// The bytes of the file in a range, as far as it holds them.
std::string_view file_bytes(const ElfImage& image, std::uint64_t offset, std::uint64_t size);

// A copy of an ELF object in memory, as the kernel maps the vDSO: file offsets are offsets in it.
class MemoryImage {
  public:
    // The bytes must outlive the object.
    explicit MemoryImage(std::string_view bytes);

    // Nothing when it is no ELF object.
    std::optional<ElfImage> image() const;

  private:
    struct EndElf {
        void operator()(Elf* elf) const { elf_end(elf); }
    };
    void read_segments();

    std::string_view bytes_;
    std::unique_ptr<Elf, EndElf> elf_;
    std::vector<GElf_Phdr> segments_;
};

}  // namespace leakcheck::unwind
