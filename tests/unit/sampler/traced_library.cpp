// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/sampler/traced_library.hpp"

#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

#include "sampler/patch_config.hpp"

namespace leakcheck::test {
namespace {

constexpr std::string_view site_prefix = "leakcheck_probe_";
constexpr std::uint64_t page_mask = 0xfff;

std::uint64_t file_offset(Elf* elf, std::uint64_t address) {
    std::size_t count = 0;
    elf_getphdrnum(elf, &count);
    for (std::size_t i = 0; i < count; ++i) {
        GElf_Phdr header;
        gelf_getphdr(elf, static_cast<int>(i), &header);
        if (header.p_type == PT_LOAD && address >= header.p_vaddr &&
            address < header.p_vaddr + header.p_filesz)
            return address - header.p_vaddr + header.p_offset;
    }
    throw std::runtime_error("symbol outside the file");
}

void add_sites(Elf* elf, Elf_Scn* section, std::map<std::string, std::uint64_t>& sites) {
    GElf_Shdr header;
    gelf_getshdr(section, &header);
    Elf_Data* const data = elf_getdata(section, nullptr);
    for (std::size_t i = 0; i < header.sh_size / header.sh_entsize; ++i) {
        GElf_Sym symbol;
        gelf_getsym(data, static_cast<int>(i), &symbol);
        const std::string name = elf_strptr(elf, header.sh_link, symbol.st_name);
        if (name.starts_with(site_prefix)) sites[name] = file_offset(elf, symbol.st_value);
    }
}

void overwrite(const std::filesystem::path& file, std::uint64_t offset, char byte) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(static_cast<std::streamoff>(offset));
    stream.put(byte);
    if (!stream) throw std::runtime_error("cannot write " + file.string());
}

}  // namespace

leakcheck_config tracing_config() {
    leakcheck_config config{};
    config.magic = LEAKCHECK_CONFIG_MAGIC;
    config.version = LEAKCHECK_ABI_VERSION;
    config.enabled = 1;
    config.sample_rate = 1;
    config.max_size = ~0ull;
    config.max_live = 1'000'000;
    config.path_traces = 2;
    return config;
}

std::map<std::string, std::uint64_t> probe_sites(const std::filesystem::path& library) {
    elf_version(EV_CURRENT);
    const int descriptor = open(library.c_str(), O_RDONLY | O_CLOEXEC);
    Elf* const elf = elf_begin(descriptor, ELF_C_READ, nullptr);
    std::map<std::string, std::uint64_t> sites;
    for (Elf_Scn* section = elf_nextscn(elf, nullptr); section;
         section = elf_nextscn(elf, section)) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) && header.sh_type == SHT_DYNSYM)
            add_sites(elf, section, sites);
    }
    elf_end(elf);
    close(descriptor);
    return sites;
}

TracedLibrary::TracedLibrary(const leakcheck_config& config, Sites sites) {
    write_sampler_copy(LEAKCHECK_SAMPLER_LIBRARY, path(), config);
    for (const auto& [name, offset] : probe_sites(path())) {
        sites_[offset & page_mask] = name.substr(site_prefix.size());
        if (sites == Sites::traps) overwrite(path(), offset, static_cast<char>(0xcc));
    }
}

std::string TracedLibrary::site_at(std::uint64_t address) const {
    const auto found = sites_.find(address & page_mask);
    return found == sites_.end() ? "" : found->second;
}

}  // namespace leakcheck::test
