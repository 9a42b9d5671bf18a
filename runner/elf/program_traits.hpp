// SPDX-License-Identifier: Apache-2.0
//
// What an ELF program's file tells about whether the sampler can work in it. Thread safety: free
// functions without state.
#pragma once

#include <string>

#include "runner/elf/elf_file.hpp"

namespace leakcheck::elf {

// Whether the program is the dynamic linker itself, which loads (and preloads for) the program it
// is given.
bool is_dynamic_linker(const ElfFile& program);

// The sanitizer that has taken over allocation: "AddressSanitizer", ...; empty if none. UBSan has
// not.
std::string allocating_sanitizer(const ElfFile& program);

// Whether the program exports a malloc of its own, which every library then finds before a
// preloaded one.
bool exports_malloc(const ElfFile& program);

// Whether the program is made for another C library than glibc.
bool uses_other_libc(const ElfFile& program);

}  // namespace leakcheck::elf
