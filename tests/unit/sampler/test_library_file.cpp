// SPDX-License-Identifier: Apache-2.0
//
// The built library as a file: what it needs, what it exports, what its probe sites are made of.
#include <fcntl.h>
#include <gelf.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <set>
#include <string>

#include "tests/unit/sampler/traced_library.hpp"

namespace leakcheck::test {
namespace {

using EachEntry = std::function<void(Elf*, const GElf_Shdr&, Elf_Data*, int)>;

void for_each_entry(GElf_Word section_type, const EachEntry& visit) {
    elf_version(EV_CURRENT);
    const int descriptor = open(LEAKCHECK_SAMPLER_LIBRARY, O_RDONLY | O_CLOEXEC);
    Elf* const elf = elf_begin(descriptor, ELF_C_READ, nullptr);
    for (Elf_Scn* section = elf_nextscn(elf, nullptr); section;
         section = elf_nextscn(elf, section)) {
        GElf_Shdr header;
        if (!gelf_getshdr(section, &header) || header.sh_type != section_type) continue;
        const int count = static_cast<int>(header.sh_size / header.sh_entsize);
        for (int i = 0; i < count; ++i) visit(elf, header, elf_getdata(section, nullptr), i);
    }
    elf_end(elf);
    close(descriptor);
}

std::set<std::string> needed_libraries() {
    std::set<std::string> needed;
    for_each_entry(SHT_DYNAMIC, [&](Elf* elf, const GElf_Shdr& header, Elf_Data* data, int i) {
        GElf_Dyn entry;
        gelf_getdyn(data, i, &entry);
        if (entry.d_tag == DT_NEEDED)
            needed.insert(elf_strptr(elf, header.sh_link, entry.d_un.d_val));
    });
    return needed;
}

std::set<std::string> exported_symbols() {
    std::set<std::string> exported;
    for_each_entry(SHT_DYNSYM, [&](Elf* elf, const GElf_Shdr& header, Elf_Data* data, int i) {
        GElf_Sym symbol;
        gelf_getsym(data, i, &symbol);
        if (symbol.st_shndx != SHN_UNDEF)
            exported.insert(elf_strptr(elf, header.sh_link, symbol.st_name));
    });
    return exported;
}

TEST(LibraryFile, NeedsOnlyTheCLibrary) {
    for (const std::string& library : needed_libraries()) {
        EXPECT_TRUE(library == "libc.so.6" || library == "ld-linux-x86-64.so.2") << library;
    }
}

TEST(LibraryFile, ExportsWhatItInterposesAndNothingOfItsOwnBesidesItsInterface) {
    const std::set<std::string> interposed_c = {"malloc",
                                                "calloc",
                                                "realloc",
                                                "reallocarray",
                                                "free",
                                                "free_sized",
                                                "free_aligned_sized",
                                                "posix_memalign",
                                                "aligned_alloc",
                                                "memalign",
                                                "valloc",
                                                "pvalloc",
                                                "_exit",
                                                "dlclose",
                                                "_Exit"};
    std::size_t operators = 0;
    std::size_t own = 0;
    for (const std::string& name : exported_symbols()) {
        const bool is_operator = name.starts_with("_Znw") || name.starts_with("_Zna") ||
                                 name.starts_with("_Zdl") || name.starts_with("_Zda");
        const bool is_own =
            name.starts_with("leakcheck_probe_") || name.starts_with("leakcheck_v1_");
        EXPECT_TRUE(is_operator || is_own || interposed_c.contains(name)) << name;
        operators += is_operator;
        own += is_own;
    }
    EXPECT_EQ(operators, 8u + 12u);
    EXPECT_EQ(own, 11u + 3u);
    EXPECT_EQ(exported_symbols().size(), operators + own + interposed_c.size());
}

// The kernel emulates a one-byte nop; anything else in the first place would be single-stepped, or
// worse.
TEST(LibraryFile, ProbeSitesAreOneByteNopsAndAReturn) {
    const auto sites = probe_sites(LEAKCHECK_SAMPLER_LIBRARY);
    EXPECT_EQ(sites.size(), 11u);
    std::ifstream library(LEAKCHECK_SAMPLER_LIBRARY, std::ios::binary);
    for (const auto& [name, offset] : sites) {
        library.seekg(static_cast<std::streamoff>(offset));
        int byte = library.get();
        EXPECT_EQ(byte, 0x90) << name;
        while (byte == 0x90) byte = library.get();
        EXPECT_EQ(byte, 0xc3) << name;
    }
}

}  // namespace
}  // namespace leakcheck::test
