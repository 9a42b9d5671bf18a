// SPDX-License-Identifier: Apache-2.0
//
// What may become of sampled blocks. Each test leaves as many behind as its name says, of one size.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t count = 5'000;
constexpr std::size_t size = 72;  // bytes

using Blocks = std::vector<void*>;

Blocks make_blocks() {
    Blocks blocks(count);
    for (void*& block : blocks) {
        void* volatile fresh = std::malloc(size);  // the optimiser knows malloc
        block = fresh;
    }
    return blocks;
}

void free_blocks(const Blocks& blocks) {
    for (void* block : blocks) std::free(block);
}

// Runs `act` in a forked child, which ends well.
template <typename Act>
void run_in_child(const Act& act) {
    const pid_t child = fork();
    if (child == 0) {
        act();
        _exit(0);
    }
    int status = -1;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

TEST(None, Freed) {
    free_blocks(make_blocks());
}

TEST(None, FreedByAnotherThread) {
    const Blocks blocks = make_blocks();
    std::thread([&] { free_blocks(blocks); }).join();
}

TEST(None, MadeByThreadsAndFreedHere) {
    Blocks blocks;
    std::thread([&] { blocks = make_blocks(); }).join();
    free_blocks(blocks);
}

TEST(None, MovedAndFreed) {
    Blocks blocks = make_blocks();
    for (void*& block : blocks) block = std::realloc(block, 40 * size);
    free_blocks(blocks);
}

TEST(None, MadeAndFreedByAForkedChild) {
    run_in_child([] { free_blocks(make_blocks()); });
}

TEST(All, Kept) {
    make_blocks();
}

TEST(All, KeptWhereReallocFails) {
    volatile std::size_t too_much = std::size_t{1} << 62;
    for (void* block : make_blocks()) EXPECT_EQ(std::realloc(block, too_much), nullptr);
}

TEST(All, KeptInPlaceByRealloc) {
    for (void*& block : make_blocks()) block = std::realloc(block, size);
}

TEST(All, KeptThoughAForkedChildFreesThem) {
    const Blocks blocks = make_blocks();
    run_in_child([&] {
        free_blocks(blocks);
        free_blocks(make_blocks());
    });
}

TEST(All, KeptByAForkedChild) {
    run_in_child([] { make_blocks(); });
}

}  // namespace
