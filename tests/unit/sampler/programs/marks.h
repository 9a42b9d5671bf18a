/* SPDX-License-Identifier: Apache-2.0
 *
 * How a program under test tells its test where it is: notes of a kind of their own, which the recorder
 * finds among the events. Found by dlsym, so that the programs run without the sampler as well.
 */
#ifndef LEAKCHECK_TEST_MARKS_H
#define LEAKCHECK_TEST_MARKS_H

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { MARK_KIND = 100 };

static inline void mark_block(const char* text, const volatile void* block) {
    typedef void (*note_function)(int, uint64_t, uint64_t, const char*);
    static note_function note;
    if (!note) *(void**)&note = dlsym(RTLD_DEFAULT, "leakcheck_v1_note");
    if (note) note(MARK_KIND, (uint64_t)(uintptr_t)block, 0, text);
}

static inline void mark(const char* text) { mark_block(text, NULL); }

struct scenario {
    const char* name;
    void (*run)(void);
};

/* Runs the scenario named by the first argument, between the marks "begin" and "end". */
static inline int run_scenario(const struct scenario* scenarios, size_t count, int argc, char** argv) {
    for (size_t i = 0; argc > 1 && i < count; ++i) {
        if (strcmp(scenarios[i].name, argv[1]) != 0) continue;
        mark("begin");
        scenarios[i].run();
        mark("end");
        return 0;
    }
    fprintf(stderr, "no such scenario\n");
    return 2;
}

#endif
