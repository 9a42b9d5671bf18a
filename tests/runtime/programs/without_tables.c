// SPDX-License-Identifier: Apache-2.0
//
// without_tables COUNT: leaks COUNT blocks of 1001 bytes from several depths. Built without the tables that
// programs have for unwinding.
#include <stdlib.h>

static void keep(void* memory) {
    __asm__ volatile("" : : "r"(memory) : "memory");
}

static __attribute__((noinline)) void descend(int depth, long* local) {
    long block[20];

    keep(block);
    if (depth)
        descend(depth - 1, block);
    else
        keep(malloc(1001));
    keep(local);
}

int main(int argc, char** argv) {
    int count = argc > 1 ? atoi(argv[1]) : 1;

    for (int i = 0; i < count; i++) descend(i % 10, NULL);
    return 0;
}
