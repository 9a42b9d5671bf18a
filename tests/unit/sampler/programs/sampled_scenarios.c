/* SPDX-License-Identifier: Apache-2.0
 *
 * Many allocations whose number, sizes and contexts are known, to be sampled. Every size tells by which
 * line it was made.
 */
#include <pthread.h>
#include <stdlib.h>

#include "tests/unit/sampler/programs/marks.h"

static void make(size_t count, size_t size) {
    for (size_t i = 0; i < count; ++i) free(malloc(size));
}

/* 20,000 allocations in one context, then 10 in another. */
static void hot_and_cold(void) {
    make(20000, 100);
    for (int i = 0; i < 10; ++i) free(malloc(200));
}

/* Of each class of sizes. */
static void mixed_sizes(void) {
    for (int i = 0; i < 4000; ++i) {
        free(malloc(16));
        free(malloc(2000));
        free(malloc(40000));
    }
}

static void* of_thread(void* size) {
    make(3000, (size_t)(uintptr_t)size);
    return NULL;
}

/* One after the other: their ordinals are known. */
static void threads(void) {
    for (uintptr_t size = 300; size <= 302; ++size) {
        pthread_t thread;
        pthread_create(&thread, NULL, of_thread, (void*)size);
        pthread_join(thread, NULL);
    }
}

static const struct scenario scenarios[] = {
    {"hot_and_cold", hot_and_cold},
    {"mixed_sizes", mixed_sizes},
    {"threads", threads},
};

int main(int argc, char** argv) {
    return run_scenario(scenarios, sizeof scenarios / sizeof *scenarios, argc, argv);
}
