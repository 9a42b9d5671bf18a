/* SPDX-License-Identifier: Apache-2.0
 *
 * Every C allocation function, and what surrounds them. Compiled without builtins, so that each call is
 * made.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fenv.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/sampler/programs/marks.h"

#define TOO_MUCH ((size_t)1 << 62)

extern char** environ;

static void check(int condition, const char* what) {
    if (condition) return;
    fprintf(stderr, "check failed: %s\n", what);
    abort();
}

static void basic(void) {
    free(malloc(10));
    free(calloc(3, 7));
    free(realloc(NULL, 11));
    free(reallocarray(NULL, 5, 4));
    free(aligned_alloc(64, 128));
    free(memalign(32, 33));
    free(valloc(50));
    void* block = NULL;
    check(posix_memalign(&block, 256, 52) == 0, "posix_memalign");
    free(block);
    free(malloc(0));
    free(strdup("four"));
    free(NULL);
}

/* By itself: jemalloc has none, and glibc's block would be freed by jemalloc. */
static void whole_pages(void) { free(pvalloc(51)); }

static void failing(void) {
    errno = 0;
    check(malloc(TOO_MUCH) == NULL && errno == ENOMEM, "malloc fails");
    errno = 0;
    check(calloc(TOO_MUCH, 16) == NULL && errno == ENOMEM, "calloc fails");
    check(aligned_alloc(16, TOO_MUCH) == NULL && memalign(16, TOO_MUCH) == NULL, "aligned fail");
    void* block = &block;
    check(posix_memalign(&block, 64, TOO_MUCH) == ENOMEM && block == &block, "posix_memalign fails");
    check(posix_memalign(&block, 3, 1) == EINVAL, "posix_memalign refuses");
}

static void realloc_in_place(void) {
    void* block = malloc(100);
    void* same = realloc(block, 90);
    check(same == block, "stays in place");
    mark_block("at", same);
    free(same);
}

static void realloc_moves(void) {
    void* block = malloc(10);
    void* behind = malloc(10);
    void* other = realloc(block, 1000000);
    check(other != block, "moves");
    mark_block("at", other);
    free(other);
    free(behind);
}

static void realloc_fails(void) {
    void* block = malloc(10);
    errno = 0;
    check(realloc(block, TOO_MUCH) == NULL && errno == ENOMEM, "fails");
    check(reallocarray(block, TOO_MUCH, 8) == NULL, "overflow fails");
    check(reallocarray(block, TOO_MUCH, 1) == NULL, "array fails");
    mark_block("kept", block);
    free(block);
}

static void realloc_to_nothing(void) {
    void* block = malloc(10);
    free(realloc(block, 0)); /* null from glibc; others return a block */
    mark("and");
    block = malloc(20);
    free(reallocarray(block, 0, 8));
}

static void reallocarray_grows(void) {
    void* block = reallocarray(NULL, 2, 8);
    block = reallocarray(block, 100, 8);
    mark_block("at", block);
    free(block);
}

static void untracked_scope(void) {
    void (*untracked)(int) = NULL;
    *(void**)&untracked = dlsym(RTLD_DEFAULT, "leakcheck_v1_untracked");
    void* before = malloc(1);
    untracked(1);
    untracked(1);
    void* inside = malloc(2);
    free(before);
    untracked(0);
    void* still_inside = malloc(3);
    untracked(0);
    untracked(0); /* one too many */
    void* after = malloc(4);
    free(inside);
    free(still_inside);
    free(after);
}

static void sizes(void) {
    free(malloc(15));
    free(malloc(16));
    free(malloc(100));
    free(malloc(101));
    void* grows_out = malloc(50);
    grows_out = realloc(grows_out, 500);
    grows_out = realloc(grows_out, 60);
    free(grows_out);
}

static void keeps_errno(void) {
    for (int value = 1; value < 200; ++value) {
        errno = value;
        void* block = malloc((size_t)value);
        block = realloc(block, 2 * (size_t)value);
        free(block);
        check(errno == value, "errno kept");
    }
}

static void keeps_floating_point(void) {
    feclearexcept(FE_ALL_EXCEPT);
    fesetround(FE_UPWARD);
    for (int i = 0; i < 2000; ++i) free(malloc(10));
    check(fetestexcept(FE_ALL_EXCEPT) == 0, "no exception flag");
    check(fegetround() == FE_UPWARD, "rounding kept");
}

static void no_dlerror(void) { check(dlerror() == NULL, "dlerror is clean"); }

// What the sampler looks up for itself must not take the program's error away, nor while dlerror itself
// allocates.
static void keeps_dlerror(void) {
    check(dlsym(RTLD_DEFAULT, "no_such_symbol") == NULL, "no such symbol");
    void* block = NULL;
    check(posix_memalign(&block, 64, 100) == 0, "posix_memalign");
    free(realloc(block, 200));
    const char* error = dlerror();
    check(error != NULL && strstr(error, "no_such_symbol") != NULL, "dlerror is kept");
}

static void* thread_body(void* size) {
    free(malloc((size_t)size));
    return NULL;
}

static void threads(void) {
    for (size_t i = 1; i <= 3; ++i) {
        pthread_t thread;
        check(pthread_create(&thread, NULL, thread_body, (void*)(1000 * i)) == 0, "thread");
        pthread_join(thread, NULL);
    }
}

static void on_key_destroyed(void* block) {
    free(block);
    free(malloc(2222));
}

static void* thread_with_key(void* key) {
    pthread_setspecific(*(pthread_key_t*)key, malloc(1111));
    return NULL;
}

static void key_destructor(void) {
    pthread_key_t key;
    pthread_key_create(&key, on_key_destroyed);
    pthread_t thread;
    pthread_create(&thread, NULL, thread_with_key, &key);
    pthread_join(thread, NULL);
}

static void* churn(void* stop) {
    while (!__atomic_load_n((int*)stop, __ATOMIC_RELAXED)) free(malloc(64));
    return NULL;
}

static void fork_child(void) {
    void* inherited = malloc(100);
    const pid_t child = fork();
    if (child == 0) {
        free(inherited);
        free(malloc(200));
        _exit(3);
    }
    int status = 0;
    waitpid(child, &status, 0);
    check(WEXITSTATUS(status) == 3, "child's status");
    free(inherited);
}

static void fork_with_threads(void) {
    static int stop;
    pthread_t threads[3];
    for (int i = 0; i < 3; ++i) pthread_create(&threads[i], NULL, churn, &stop);
    for (int round = 0; round < 20; ++round) {
        const pid_t child = fork();
        if (child == 0) {
            for (int i = 0; i < 20; ++i) free(malloc(32));
            _exit(0);
        }
        int status = 1;
        waitpid(child, &status, 0);
        check(status == 0, "child ends well");
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < 3; ++i) pthread_join(threads[i], NULL);
}

static void vfork_exec(void) {
    void* block = malloc(100);
    const pid_t child = vfork();
    if (child == 0) _exit(0);
    waitpid(child, NULL, 0);
    char* arguments[] = {(char*)"/bin/true", NULL};
    pid_t spawned = 0;
    unsetenv("LD_PRELOAD");
    check(posix_spawn(&spawned, arguments[0], NULL, NULL, arguments, environ) == 0, "spawn");
    waitpid(spawned, NULL, 0);
    free(block);
}

static void* volatile of_handler;

static void handler(int number) {
    (void)number;
    of_handler = malloc(77);
}

static void signal_handler(void) {
    signal(SIGUSR1, handler);
    raise(SIGUSR1);
    free(of_handler);
}

static const struct scenario scenarios[] = {
    {"basic", basic},
    {"whole_pages", whole_pages},
    {"failing", failing},
    {"realloc_in_place", realloc_in_place},
    {"realloc_moves", realloc_moves},
    {"realloc_fails", realloc_fails},
    {"realloc_to_nothing", realloc_to_nothing},
    {"reallocarray_grows", reallocarray_grows},
    {"untracked_scope", untracked_scope},
    {"sizes", sizes},
    {"keeps_errno", keeps_errno},
    {"keeps_floating_point", keeps_floating_point},
    {"no_dlerror", no_dlerror},
    {"keeps_dlerror", keeps_dlerror},
    {"threads", threads},
    {"key_destructor", key_destructor},
    {"fork_child", fork_child},
    {"fork_with_threads", fork_with_threads},
    {"vfork_exec", vfork_exec},
    {"signal_handler", signal_handler},
};

int main(int argc, char** argv) {
    return run_scenario(scenarios, sizeof scenarios / sizeof *scenarios, argc, argv);
}
