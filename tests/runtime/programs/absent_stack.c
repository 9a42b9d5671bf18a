// SPDX-License-Identifier: Apache-2.0
//
// absent_stack COUNT
//
// A thread whose stack lies in shared memory leaks COUNT blocks of 1001 bytes, each right after the pages of
// its callers' frames were taken out of the page tables: they are there, but not present.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define STACK_SIZE (1ul << 20)
#define PAGE 4096ul
#define FRAMES 20 /* of two pages each */

static char* stack;

static void keep(void* memory) {
    __asm__ volatile("" : : "r"(memory) : "memory");
}

static void __attribute__((noinline)) drop_callers_and_leak(void) {
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    uintptr_t start = (here / PAGE + 1) * PAGE;

    if (madvise((void*)start, (uintptr_t)stack + STACK_SIZE - start, MADV_DONTNEED)) abort();
    keep(malloc(1001));
}

static void __attribute__((noinline)) descend(int depth) {
    char block[2 * PAGE];

    memset(block, depth, sizeof(block));
    keep(block);
    if (depth)
        descend(depth - 1);
    else
        drop_callers_and_leak();
    keep(block);
}

static void* start(void* count) {
    for (long i = (long)count; i > 0; i--) descend(FRAMES);
    return NULL;
}

int main(int argc, char** argv) {
    long count = argc > 1 ? strtol(argv[1], NULL, 10) : 1;
    int memory = memfd_create("stack", MFD_CLOEXEC);
    pthread_attr_t attributes;
    pthread_t thread;

    if (memory < 0 || ftruncate(memory, STACK_SIZE)) return 2;
    stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    if (stack == MAP_FAILED) return 2;
    pthread_attr_init(&attributes);
    pthread_attr_setstack(&attributes, stack, STACK_SIZE);
    if (pthread_create(&thread, &attributes, start, (void*)count)) return 2;
    pthread_join(thread, NULL);
    return 0;
}
