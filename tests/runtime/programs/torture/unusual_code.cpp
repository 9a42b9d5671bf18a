// SPDX-License-Identifier: Apache-2.0
//
// Code that no file holds.
#include <sys/mman.h>

#include <array>
#include <cstring>
#include <string>

#include "torture.hpp"

namespace torture::unusual_code {
namespace {

using Callback = void (*)();

void allocate_some() {
    const std::string text(60, 'j');
    keep(&text);
}

// push %rbp; mov %rsp,%rbp; call *%rdi; pop %rbp; ret
constexpr std::array<unsigned char, 8> kCallsItsArgument{0x55, 0x48, 0x89, 0xe5,
                                                         0xff, 0xd7, 0x5d, 0xc3};

// As a just-in-time compiler does it, with a frame pointer.
void* make_code() {
    constexpr std::size_t kSize = 4096;
    void* memory =
        ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) std::abort();
    std::memcpy(memory, kCallsItsArgument.data(), kCallsItsArgument.size());
    ::mprotect(memory, kSize, PROT_READ | PROT_EXEC);
    return memory;
}

void generated_code(Random&) {
    static void* const code = make_code();
    reinterpret_cast<void (*)(Callback)>(code)(allocate_some);
}

const Scenario scenario("generated_code", 1, generated_code);

}  // namespace
}  // namespace torture::unusual_code
