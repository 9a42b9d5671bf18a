// SPDX-License-Identifier: Apache-2.0
//
// many_stacks COUNT
//
// Allocates blocks of 1 to COUNT bytes, each from a stack of its own: the bits of the size less 1, from the
// 16th to the first, say which of two functions calls the next. Prints where the two lie, as
// "start end" in hexadecimal, the one for 0 first.
#include <stdio.h>
#include <stdlib.h>

static void descend(unsigned number, int bits);

static void keep(void* memory) {
    __asm__ volatile("" : : "r"(memory) : "memory");
}

#define SECTION(name) __attribute__((noinline, section(name)))

SECTION("zero_code") static void zero(unsigned number, int bits) {
    descend(number, bits);
    keep(&number);
}

SECTION("one_code") static void one(unsigned number, int bits) {
    descend(number, bits);
    keep(&number);
}

static inline __attribute__((always_inline)) void descend(unsigned number, int bits) {
    if (!bits) {
        void* block = malloc(number + 1);

        keep(block);
        free(block);
    } else if (number >> (bits - 1) & 1) {
        one(number, bits - 1);
    } else {
        zero(number, bits - 1);
    }
}

/* The linker's, for sections whose names are identifiers. */
extern const char __start_zero_code[], __stop_zero_code[], __start_one_code[], __stop_one_code[];

int main(int argc, char** argv) {
    unsigned count = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000;

    printf("%lx %lx\n%lx %lx\n", (long)__start_zero_code, (long)__stop_zero_code,
           (long)__start_one_code, (long)__stop_one_code);
    for (unsigned i = 0; i < count; i++) descend(i, 16);
    return 0;
}
