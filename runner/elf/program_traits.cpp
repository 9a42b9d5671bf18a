// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/program_traits.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

namespace leakcheck::elf {
namespace {

struct Sanitizer {
    std::string_view name;
    std::string_view gcc_library;  // prefixes of DT_NEEDED
    std::string_view clang_library;
    std::string_view start_function;  // defined by a statically linked runtime
};

constexpr std::array kSanitizers{
    Sanitizer{"AddressSanitizer", "libasan.", "libclang_rt.asan", "__asan_init"},
    Sanitizer{"HWAddressSanitizer", "libhwasan.", "libclang_rt.hwasan", "__hwasan_init"},
    Sanitizer{"ThreadSanitizer", "libtsan.", "libclang_rt.tsan", "__tsan_init"},
    Sanitizer{"MemorySanitizer", "libmsan.", "libclang_rt.msan", "__msan_init"},
    Sanitizer{"LeakSanitizer", "liblsan.", "libclang_rt.lsan", "__lsan_init"},
};

const Sanitizer* sanitizer_by_library(const ElfFile& program) {
    for (const std::string& library : program.dynamic_strings(DT_NEEDED)) {
        for (const Sanitizer& sanitizer : kSanitizers) {
            if (library.starts_with(sanitizer.gcc_library) ||
                library.starts_with(sanitizer.clang_library)) {
                return &sanitizer;
            }
        }
    }
    return nullptr;
}

const Sanitizer* sanitizer_by_symbol(const ElfFile& program) {
    const Sanitizer* found = nullptr;
    const auto look = [&](const char* name, const GElf_Sym& symbol) {
        if (symbol.st_shndx == SHN_UNDEF || found != nullptr) return;
        const auto match =
            std::find_if(kSanitizers.begin(), kSanitizers.end(),
                         [&](const Sanitizer& each) { return each.start_function == name; });
        if (match != kSanitizers.end()) found = &*match;
    };
    program.for_each_symbol(SHT_DYNSYM, look);
    if (found == nullptr) program.for_each_symbol(SHT_SYMTAB, look);
    return found;
}

}  // namespace

bool is_dynamic_linker(const ElfFile& program) {
    const std::vector<std::string> names = program.dynamic_strings(DT_SONAME);
    return std::any_of(names.begin(), names.end(),
                       [](const std::string& name) { return name.starts_with("ld-linux"); });
}

std::string allocating_sanitizer(const ElfFile& program) {
    const Sanitizer* sanitizer = sanitizer_by_library(program);
    if (sanitizer == nullptr) sanitizer = sanitizer_by_symbol(program);
    return sanitizer == nullptr ? std::string() : std::string(sanitizer->name);
}

bool exports_malloc(const ElfFile& program) {
    bool found = false;
    program.for_each_symbol(SHT_DYNSYM, [&](const char* name, const GElf_Sym& symbol) {
        const int type = GELF_ST_TYPE(symbol.st_info);
        found = found || (symbol.st_shndx != SHN_UNDEF && std::string_view(name) == "malloc" &&
                          (type == STT_FUNC || type == STT_GNU_IFUNC));
    });
    return found;
}

bool uses_other_libc(const ElfFile& program) {
    const std::string linker = std::filesystem::path(program.interpreter()).filename();
    if (linker.starts_with("ld-musl") || linker.starts_with("ld-uClibc") || linker == "linker64") {
        return true;
    }
    const std::vector<std::string> needed = program.dynamic_strings(DT_NEEDED);
    return std::any_of(needed.begin(), needed.end(),
                       [](const std::string& name) { return name.starts_with("libc.musl"); });
}

}  // namespace leakcheck::elf
