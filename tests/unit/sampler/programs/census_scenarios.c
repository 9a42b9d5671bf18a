/* SPDX-License-Identifier: Apache-2.0
 *
 * C programs that leave the C library with memory of its own, besides leaks of their own. No marks here:
 * the same program runs under valgrind for comparison.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <iconv.h>
#include <locale.h>
#include <netdb.h>
#include <pthread.h>
#include <pwd.h>
#include <search.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void* volatile leaked;

static void leak(size_t size) { leaked = malloc(size); }

static void print(void) { printf("hello\n"); }

static void open_file(void) {
    FILE* file = fopen("/etc/passwd", "r");
    if (fgetc(file) == EOF) abort();
}

static void set_locale(void) {
    setlocale(LC_ALL, "C.UTF-8");
    setlocale(LC_NUMERIC, "POSIX");
    if (newlocale(LC_ALL_MASK, "C.UTF-8", NULL) == NULL) abort();
}

static void open_library(void) {
    if (dlopen("libm.so.6", RTLD_NOW) == NULL) abort();
    void* second = dlopen("libutil.so.1", RTLD_NOW);
    if (second) dlclose(second);
    if (dlsym(RTLD_DEFAULT, "no_such_symbol") != NULL) abort();
    if (dlerror() == NULL) abort();
}

static void* thread_body(void* argument) {
    leak(333);
    return argument;
}

static void thread(void) {
    for (int i = 0; i < 3; ++i) {
        pthread_t id;
        if (pthread_create(&id, NULL, thread_body, NULL) != 0) abort();
        pthread_join(id, NULL);
    }
}

static void get_line(void) {
    FILE* file = fopen("/etc/passwd", "r");
    char* line = NULL;
    size_t size = 0;
    if (getline(&line, &size, file) < 0) abort();
    fclose(file);
}

static void convert(void) {
    if (iconv_open("UTF-16", "ISO-8859-15") == (iconv_t)-1) abort();
    iconv_t closed = iconv_open("KOI8-R", "UTF-8");
    if (closed != (iconv_t)-1) iconv_close(closed);
}

static void look_up_names(void) {
    if (getpwnam("root") == NULL) abort();
    struct addrinfo* found = NULL;
    if (getaddrinfo("127.0.0.1", "80", NULL, &found) == 0) freeaddrinfo(found);
    getpwent();
    getservbyname("http", "tcp");
}

static void environment(void) {
    setenv("LEAKCHECK_A", "b", 1);
    setenv("TZ", "Europe/Paris", 1);
    tzset();
    hcreate(10);
    strerror(12345);
}

static void quick(void) {
    printf("not flushed");
    quick_exit(0);
}

static void at_once(void) {
    printf("not flushed");
    _exit(0);
}

static void at_once_failing(void) {
    printf("not flushed");
    _exit(4);
}

static void in_thread_body_exit(void) { exit(0); }

static void* exit_from_thread(void* argument) {
    in_thread_body_exit();
    return argument;
}

static void from_thread(void) {
    printf("from a thread\n");
    pthread_t id;
    pthread_create(&id, NULL, exit_from_thread, NULL);
    pthread_join(id, NULL);
}

static const struct {
    const char* name;
    void (*run)(void);
} scenarios[] = {
    {"print", print},
    {"open_file", open_file},
    {"set_locale", set_locale},
    {"open_library", open_library},
    {"thread", thread},
    {"get_line", get_line},
    {"convert", convert},
    {"look_up_names", look_up_names},
    {"environment", environment},
    {"quick", quick},
    {"at_once", at_once},
    {"at_once_failing", at_once_failing},
    {"from_thread", from_thread},
};

int main(int argc, char** argv) {
    leak(1234);
    leak(0);
    for (size_t i = 0; argc > 1 && i < sizeof scenarios / sizeof *scenarios; ++i) {
        if (strcmp(scenarios[i].name, argv[1]) == 0) {
            scenarios[i].run();
            return 0;
        }
    }
    fprintf(stderr, "no such scenario\n");
    return 2;
}
