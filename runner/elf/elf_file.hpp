// SPDX-License-Identifier: Apache-2.0
//
// An ELF file as the kernel and the dynamic linker see it: segments, dynamic entries, symbols,
// bytes. Every offset and size in the file is checked before it is used; a broken file has less in
// it, no more. Ownership: owns the open file; views and strings' characters live as long as it
// does. Thread safety: none; one thread uses an object. Source of the format: the System V ABI,
// chapters 4 and 5.
#pragma once

#include <gelf.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runner/unique_fd.hpp"

namespace leakcheck::elf {

// Opens a regular file for reading; devices and pipes are refused. On failure the descriptor is
// empty and `error` says why.
UniqueFd open_regular_file(const std::filesystem::path& path, std::string& error);

class ElfFile {
  public:
    // Null when the file cannot be read or is no ELF file; `error` then says why.
    static std::unique_ptr<ElfFile> open(const std::filesystem::path& path, std::string& error);

    Elf* handle() const { return elf_.get(); }
    const GElf_Ehdr& header() const { return header_; }
    const std::vector<GElf_Phdr>& segments() const { return segments_; }
    std::string_view bytes() const { return bytes_; }  // the whole file

    // Between file offsets and virtual addresses, by the PT_LOAD segments.
    std::optional<std::uint64_t> offset_of(std::uint64_t address) const;
    std::optional<std::uint64_t> address_of(std::uint64_t offset) const;
    bool is_code(std::uint64_t address) const;  // in an executable segment
    // Where the section that holds an address ends; the address itself when none is known to.
    std::uint64_t end_of_section_at(std::uint64_t address) const;

    // What the file holds for a segment, empty when it lies outside the file.
    std::string_view contents(const GElf_Phdr& segment) const;
    bool loads(
        std::string_view text) const;  // whether any PT_LOAD segment's part of the file holds it
    // The eight bytes at an address that is backed by the file.
    std::optional<std::uint64_t> word_at(std::uint64_t address) const;

    std::string interpreter() const;        // PT_INTERP; empty if none
    std::vector<GElf_Dyn> dynamic() const;  // PT_DYNAMIC, up to DT_NULL
    std::optional<std::uint64_t> dynamic_value(
        std::int64_t tag) const;  // of the first entry with this tag
    std::vector<std::string> dynamic_strings(
        std::int64_t tag) const;  // of DT_NEEDED, DT_SONAME, ...

    // Every named symbol of the tables of a type, SHT_SYMTAB or SHT_DYNSYM.
    using SymbolFn = std::function<void(const char* name, const GElf_Sym& symbol)>;
    void for_each_symbol(std::uint32_t table_type, const SymbolFn& visit) const;
    // Every relocation with an addend, of all tables.
    using RelocationFn = std::function<void(const GElf_Rela& relocation, Elf_Scn* symbol_table)>;
    void for_each_relocation(const RelocationFn& visit) const;

  private:
    struct EndElf {
        void operator()(Elf* elf) const { elf_end(elf); }
    };
    ElfFile() = default;
    void read_segments();

    UniqueFd file_;
    std::unique_ptr<Elf, EndElf> elf_;
    GElf_Ehdr header_{};
    std::vector<GElf_Phdr> segments_;
    std::string_view bytes_;
};

}  // namespace leakcheck::elf
