// SPDX-License-Identifier: Apache-2.0
//
// leak_c COUNT [FUNCTIONS]: leaks COUNT blocks through every C allocation function in turn (the first
// FUNCTIONS of them), sizes from a fixed sequence, while making and freeing as many that do not leak. The
// last one, pvalloc, is one that valgrind knows not. What leaks: COUNT blocks.
#define _GNU_SOURCE
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { kFunctions = 12 };

static unsigned long state = 88172645463325252ul;

static size_t next_size(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return 1 + state % 3000;
}

static void* make(int function, size_t size) {
    void* block = NULL;
    switch (function) {
        case 0:
            return malloc(size);
        case 1:
            return calloc(3, size);
        case 2:
            return realloc(NULL, size);
        case 3:
            return realloc(malloc(size), 2 * size);  // grows, may move
        case 4:
            return realloc(malloc(2 * size), size);  // shrinks
        case 5:
            return reallocarray(NULL, 5, size);
        case 6:
            return posix_memalign(&block, 64, size) == 0 ? block : NULL;
        case 7:
            return aligned_alloc(64, 64 * (1 + size / 64));
        case 8:
            return memalign(256, size);
        case 9:
            return valloc(size);
        case 11:
            return pvalloc(size);
        default: {
            char text[4096];
            memset(text, 'x', size);
            text[size] = '\0';
            return strdup(text);
        }
    }
}

int main(int argc, char** argv) {
    const long count = argc > 1 ? atol(argv[1]) : 1;
    const long functions = argc > 2 ? atol(argv[2]) : kFunctions;
    volatile void* sink;
    for (long i = 0; i < count; ++i) {
        sink = make((int)(i % functions), next_size());
        free(make((int)((i + 5) % functions), next_size()));
    }
    sink = NULL;
    (void)sink;
    return 0;
}
