// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/pointer_table.hpp"

#include <cstring>
#include <string_view>

namespace leakcheck::elf {
namespace {

std::optional<std::uint64_t> symbol_value(Elf_Scn* table, std::uint64_t index) {
    GElf_Sym symbol;
    Elf_Data* data = table == nullptr ? nullptr : elf_getdata(table, nullptr);
    if (data == nullptr || gelf_getsym(data, static_cast<int>(index), &symbol) == nullptr ||
        symbol.st_shndx == SHN_UNDEF) {
        return std::nullopt;
    }
    return symbol.st_value;
}

std::optional<std::uint64_t> relocated_value(const GElf_Rela& relocation, Elf_Scn* symbols) {
    const auto addend = static_cast<std::uint64_t>(relocation.r_addend);
    switch (GELF_R_TYPE(relocation.r_info)) {
        case R_X86_64_RELATIVE:
            return addend;
        case R_X86_64_64: {
            const auto value = symbol_value(symbols, GELF_R_SYM(relocation.r_info));
            return value ? std::optional(*value + addend) : std::nullopt;
        }
        default:
            return std::nullopt;
    }
}

}  // namespace

PointerTable::PointerTable(const ElfFile& file) : file_(file) {
    file.for_each_relocation([&](const GElf_Rela& relocation, Elf_Scn* symbols) {
        if (const auto value = relocated_value(relocation, symbols)) {
            relocated_[relocation.r_offset] = *value;
        }
    });
}

std::optional<std::uint64_t> PointerTable::at(std::uint64_t address) const {
    const auto found = relocated_.find(address);
    return found != relocated_.end() ? found->second : file_.word_at(address);
}

std::vector<std::uint64_t> PointerTable::places_of(std::uint64_t value) const {
    std::vector<std::uint64_t> places;
    for (const auto& [place, relocated] : relocated_) {
        if (relocated == value) places.push_back(place);
    }
    for (const GElf_Phdr& segment : file_.segments()) {
        if (segment.p_type != PT_LOAD) continue;
        const std::string_view contents = file_.contents(segment);
        // Pointers are aligned in memory, and segments agree with memory modulo the page size.
        for (std::size_t i = -segment.p_vaddr % 8; i + 8 <= contents.size(); i += 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, contents.data() + i, sizeof(word));
            const std::uint64_t place = segment.p_vaddr + i;
            if (word == value && relocated_.count(place) == 0) places.push_back(place);
        }
    }
    return places;
}

}  // namespace leakcheck::elf
