// SPDX-License-Identifier: Apache-2.0
//
// waiting_subject CALL: sleeps in a system call that must not notice that the process is stopped meanwhile, and ends
// with status 0 if it did not. It prints "ready" first.
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>

namespace {

// What its parent writes ends the wait; nothing else may.
int wait_in_read() {
    char byte = 0;
    return ::read(STDIN_FILENO, &byte, 1) == 1 ? 0 : 1;
}
int wait_in_poll() {
    pollfd file{STDIN_FILENO, POLLIN, 0};
    return ::poll(&file, 1, -1) == 1 ? 0 : 1;
}
int wait_in_nanosleep() {
    const timespec time{0, 300'000'000};
    timespec before{};
    timespec after{};
    clock_gettime(CLOCK_MONOTONIC, &before);
    const int result = ::nanosleep(&time, nullptr);
    clock_gettime(CLOCK_MONOTONIC, &after);
    const double seconds = static_cast<double>(after.tv_sec - before.tv_sec) +
                           static_cast<double>(after.tv_nsec - before.tv_nsec) / 1e9;
    return result == 0 && seconds >= 0.3 ? 0 : 1;
}
int wait_in_futex() {
    int word = 0;
    const timespec time{0, 300'000'000};
    const long result = ::syscall(SYS_futex, &word, FUTEX_WAIT, 0, &time, nullptr, 0);
    return result == -1 && errno == ETIMEDOUT ? 0 : 1;
}
// The child runs in the parent's memory, and ends when it is told to.
int wait_in_vfork() {
    const pid_t child = ::vfork();
    if (child == 0) {
        std::puts("ready");
        std::fflush(stdout);
        char byte = 0;
        ::_exit(::read(STDIN_FILENO, &byte, 1) == 1 ? 0 : 1);
    }
    int status = 0;
    return ::waitpid(child, &status, 0) == child ? status : 1;
}
volatile sig_atomic_t signals = 0;
int count_signals() {
    struct sigaction action {};
    action.sa_handler = [](int) { signals = signals + 1; };
    action.sa_flags = SA_RESTART;
    sigaction(SIGUSR1, &action, nullptr);
    std::puts("ready");
    std::fflush(stdout);
    const int result = wait_in_read();
    return result == 0 ? signals : 100;
}

}  // namespace

int main(int, char** arguments) {
    const char* const call = arguments[1];
    if (std::strcmp(call, "signals") == 0) return count_signals();
    if (std::strcmp(call, "vfork") == 0) return wait_in_vfork();
    std::puts("ready");
    std::fflush(stdout);
    if (std::strcmp(call, "read") == 0) return wait_in_read();
    if (std::strcmp(call, "poll") == 0) return wait_in_poll();
    if (std::strcmp(call, "nanosleep") == 0) return wait_in_nanosleep();
    if (std::strcmp(call, "futex") == 0) return wait_in_futex();
    return 2;
}
