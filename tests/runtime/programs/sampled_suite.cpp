// SPDX-License-Identifier: Apache-2.0
//
// Tests that leak enough to be sampled: what each of them leaks is known to the block.
#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

namespace {

void leak(std::size_t count, std::size_t size) {
    for (std::size_t i = 0; i < count; ++i) {
        void* volatile block = std::malloc(size);
        block = nullptr;
    }
}

void make_and_free(std::size_t count, std::size_t size) {
    for (std::size_t i = 0; i < count; ++i) {
        void* volatile block = std::malloc(size);
        std::free(block);
    }
}

TEST(Hot, LeaksInALoop) {
    leak(20'000, 48);
}

TEST(Hot, LeaksInAThread) {
    std::thread(leak, 10'000, 100).join();
}

TEST(Mixed, LeaksOfManySizes) {
    for (int i = 0; i < 3'000; ++i) {
        leak(1, 16);
        leak(1, 1'000);
        leak(1, 5'000);
    }
}

TEST(Mixed, LeaksOneBesidesManyThatItFrees) {
    make_and_free(50'000, 64);
    leak(1, 200);
    make_and_free(50'000, 64);
}

}  // namespace
