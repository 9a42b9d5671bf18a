// SPDX-License-Identifier: Apache-2.0
//
// A test that ends its process in the way END names: segv, abort, _exit or kill. It leaks 100 bytes first.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

TEST(Crashing, Before) {}

TEST(Crashing, Now) {
    void* volatile block = std::malloc(100);
    block = nullptr;
    const char* end = std::getenv("END");
    const std::string way = end != nullptr ? end : "";
    if (way == "segv") ::raise(SIGSEGV);
    if (way == "abort") std::abort();
    if (way == "_exit") ::_exit(0);
    if (way == "kill") ::kill(::getpid(), SIGKILL);
}

TEST(Crashing, After) {}
