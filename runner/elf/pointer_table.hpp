// SPDX-License-Identifier: Apache-2.0
//
// What the pointers in an ELF object will hold once it is loaded at bias 0: the stored words, and
// over them what the dynamic linker writes (R_X86_64_RELATIVE, and R_X86_64_64 to the object's own
// symbols). Packed relocations (DT_RELR) keep the address in the word itself, as programs at a
// fixed address do, so the stored words speak for them. Source: System V ABI, AMD64 supplement,
// table 4.9. Ownership: refers to the file, which must outlive the table. Thread safety: read-only
// once built.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "runner/elf/elf_file.hpp"

namespace leakcheck::elf {

class PointerTable {
  public:
    explicit PointerTable(const ElfFile& file);

    // The word at an address; nullopt where the file holds none.
    std::optional<std::uint64_t> at(std::uint64_t address) const;
    // The addresses of all words that hold a value, each once.
    std::vector<std::uint64_t> places_of(std::uint64_t value) const;

  private:
    const ElfFile& file_;
    std::unordered_map<std::uint64_t, std::uint64_t> relocated_;  // address to value
};

}  // namespace leakcheck::elf
