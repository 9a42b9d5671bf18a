// SPDX-License-Identifier: Apache-2.0
//
// A library with a twin: built twice, the two have the same layout, so that one comes to lie where the other
// was, but not the same functions, nor the same frames. TWIN: its name. TWIN_FRAME: bytes of locals, more
// than the other's. TWIN_SIZE: what its constructor leaks; its function 1 byte more, its destructor 2.
#include <cstdlib>

#define TWIN_JOIN2(a, b) a##b
#define TWIN_JOIN(a, b) TWIN_JOIN2(a, b)
#define NAMED(function) TWIN_JOIN(TWIN, function)

namespace {

void keep(const volatile void* memory) {
    __asm__ volatile("" : : "r"(memory) : "memory");
}

void leak(std::size_t size) {
    keep(std::malloc(size));
}

}  // namespace

extern "C" {

[[gnu::noinline]] void NAMED(_descend)(int depth, std::size_t size) {
    char block[TWIN_FRAME];
    keep(block);
    if (depth == 0)
        leak(size);
    else
        NAMED(_descend)(depth - 1, size);
    keep(block);
}

void work(int depth) {
    NAMED(_descend)(depth, TWIN_SIZE + 1);
    keep(&depth);
}

[[gnu::constructor]] void NAMED(_begin)() {
    NAMED(_descend)(2, TWIN_SIZE);
    keep(nullptr);
}

[[gnu::destructor]] void NAMED(_end)() {
    NAMED(_descend)(3, TWIN_SIZE + 2);
    keep(nullptr);
}

// Fills the code up, so that both have as many pages.
__asm__(
    ".globl twin_padding\n"
    ".type twin_padding, @function\n"
    "twin_padding: .skip 2048, 0xcc\n"
    ".size twin_padding, 2048\n");
}
