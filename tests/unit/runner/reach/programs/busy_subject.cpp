// SPDX-License-Identifier: Apache-2.0
//
// Threads that allocate, free and make other threads without end; one block stays. Prints "ready".
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

void allocate(unsigned seed) {
    std::array<void*, 64> blocks{};
    for (unsigned i = seed;; i = i * 1664525 + 1013904223) {
        void*& block = blocks[i >> 26];
        std::free(block);
        block = std::malloc(16 + (i >> 22) % 3000);
        if (i % 512 == 0) std::thread([] { std::free(std::malloc(10)); }).join();
    }
}

void* kept;

}  // namespace

int main() {
    kept = std::malloc(77);
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < 4; ++i) threads.emplace_back(allocate, i);
    std::printf("block %zu 77\nexpect %zu reachable kept\nready\n",
                reinterpret_cast<std::size_t>(kept), reinterpret_cast<std::size_t>(kept));
    std::fflush(stdout);
    char byte = 0;
    if (::read(STDIN_FILENO, &byte, 1) < 0) return 1;
    std::_Exit(0);
}
