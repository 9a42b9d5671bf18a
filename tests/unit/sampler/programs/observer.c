/* SPDX-License-Identifier: Apache-2.0
 *
 * A program that looks hard at itself while it ends: whatever the census does, it must not see it. What it
 * sees goes to stderr's descriptor by write(2); stdout is buffered and flushed by exit().
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
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

/* From now on this process dies when it forks, or (0) all stays permitted. */
static void confine(int kill_at_fork) {
    struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, kill_at_fork ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog filter = {.len = sizeof program / sizeof *program, .filter = program};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter)) abort();
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
    if (argc > 1 && strcmp(argv[1], "confined") == 0) confine(1);
    if (argc > 1 && strcmp(argv[1], "inherits") == 0) {
        confine(0);
        execl(argv[0], argv[0], "plain", NULL);
    }
    printf("buffered ");
    return argc > 1 && strcmp(argv[1], "fails") == 0 ? 9 : 0;
}
