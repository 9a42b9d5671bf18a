// SPDX-License-Identifier: Apache-2.0
#include "sampler/main_program.hpp"

#include <elf.h>
#include <link.h>
#include <sys/auxv.h>

namespace leakcheck::sampler {

constinit AddressRange main_program{};

// Threads that come at once find the same.
void find_main_program() {
    const std::uintptr_t address = getauxval(AT_PHDR);
    const std::size_t count = getauxval(AT_PHNUM);
    const auto* const headers = reinterpret_cast<const ElfW(Phdr)*>(address);
    std::uintptr_t base = 0;
    std::uintptr_t end = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const ElfW(Phdr)& header = headers[i];
        if (header.p_type == PT_PHDR) base = address - header.p_vaddr;
        if (header.p_type == PT_LOAD) end = header.p_vaddr + header.p_memsz;  // they ascend
    }
    main_program.begin.store(base, std::memory_order_relaxed);
    main_program.size.store(end, std::memory_order_relaxed);
}

}  // namespace leakcheck::sampler
