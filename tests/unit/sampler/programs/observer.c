/* SPDX-License-Identifier: Apache-2.0
 *
 * A program that looks hard at itself while it ends: whatever the census does, it must not see it. What it
 * sees goes to stderr's descriptor by write(2); stdout is buffered and flushed by exit().
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t self;

static void say(const char* text) {
    if (write(STDOUT_FILENO, text, strlen(text)) < 0) abort();
}

static void on_child(int number) {
    (void)number;
    say("SIGCHLD seen\n");
}

/* Runs until the process ends. Without children wait() fails at once. */
static void* wait_for_children(void* argument) {
    for (;;) {
        if (wait(NULL) > 0) say("child seen\n");
    }
    return argument;
}

static void at_fork(void) { say("fork seen\n"); }

static void last_words(void) {
    if (wait(NULL) != -1 || errno != ECHILD) say("child seen\n");
    printf("last words\n");
}

static ssize_t cookie_write(void* cookie, const char* text, size_t size) {
    (void)cookie;
    if (getpid() == self) return write(STDOUT_FILENO, text, size);
    for (;;) pause(); /* the copy that takes the census must not outlive this */
}

static void use_hanging_stream(void) {
    const cookie_io_functions_t functions = {.write = cookie_write};
    FILE* stream = fopencookie(NULL, "w", functions);
    fprintf(stream, "through a cookie\n");
    printf("ends\n");
    fflush(stdout);
    _exit(0); /* without a flush: the census meets the stream full */
}

int main(int argc, char** argv) {
    self = getpid();
    signal(SIGCHLD, on_child);
    pthread_atfork(at_fork, at_fork, at_fork);
    atexit(last_words);
    if (argc > 1 && strcmp(argv[1], "threads") == 0) {
        pthread_t id;
        for (int i = 0; i < 2; ++i) pthread_create(&id, NULL, wait_for_children, NULL);
    }
    if (argc > 1 && strcmp(argv[1], "hangs") == 0) use_hanging_stream();
    printf("buffered ");
    return argc > 1 && strcmp(argv[1], "fails") == 0 ? 9 : 0;
}
