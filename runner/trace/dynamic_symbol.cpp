// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/dynamic_symbol.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

#include "runner/trace/trace_error.hpp"
#include "runner/unique_fd.hpp"

namespace leakcheck {
namespace {

using ElfHandle = std::unique_ptr<Elf, decltype(&elf_end)>;

std::optional<std::uint64_t> address_in_section(Elf* elf, Elf_Scn* section,
                                                const std::string& symbol) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr || header.sh_type != SHT_DYNSYM ||
        header.sh_entsize == 0)
        return std::nullopt;
    Elf_Data* data = elf_getdata(section, nullptr);
    for (std::size_t i = 0; data != nullptr && i < header.sh_size / header.sh_entsize; ++i) {
        GElf_Sym entry;
        if (gelf_getsym(data, static_cast<int>(i), &entry) == nullptr) break;
        const char* name = elf_strptr(elf, header.sh_link, entry.st_name);
        if (name != nullptr && symbol == name && entry.st_shndx != SHN_UNDEF) return entry.st_value;
    }
    return std::nullopt;
}

std::optional<std::uint64_t> symbol_address(Elf* elf, const std::string& symbol) {
    for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf, section)) != nullptr;)
        if (const auto address = address_in_section(elf, section, symbol)) return address;
    return std::nullopt;
}

std::optional<std::uint64_t> file_offset(Elf* elf, std::uint64_t address) {
    std::size_t count = 0;
    if (elf_getphdrnum(elf, &count) != 0) return std::nullopt;
    for (std::size_t i = 0; i < count; ++i) {
        GElf_Phdr header;
        if (gelf_getphdr(elf, static_cast<int>(i), &header) == nullptr || header.p_type != PT_LOAD)
            continue;
        if (address >= header.p_vaddr && address - header.p_vaddr < header.p_filesz)
            return address - header.p_vaddr + header.p_offset;
    }
    return std::nullopt;
}

}  // namespace

std::uint64_t symbol_file_offset(const std::filesystem::path& object, const std::string& symbol) {
    elf_version(EV_CURRENT);
    UniqueFd fd(::open(object.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd)
        throw TraceError(fmt::format("cannot open {}: {}", object.string(), std::strerror(errno)));
    ElfHandle elf(elf_begin(fd.get(), ELF_C_READ_MMAP, nullptr), elf_end);
    if (elf == nullptr)
        throw TraceError(fmt::format("{} is not an ELF file: {}", object.string(), elf_errmsg(-1)));
    const auto address = symbol_address(elf.get(), symbol);
    const auto offset = address ? file_offset(elf.get(), *address) : std::nullopt;
    if (!offset) throw TraceError(fmt::format("{} has no symbol {}", object.string(), symbol));
    return *offset;
}

}  // namespace leakcheck
