// SPDX-License-Identifier: Apache-2.0
//
// What is a root and what is not, in made-up processes without threads; real ones are in reachability_test.cpp.
#include "runner/reach/roots.hpp"

#include <gtest/gtest.h>

#include "tests/unit/runner/reach/fake_memory.hpp"

namespace leakcheck::reach {
namespace {

constexpr std::uint64_t mib = 1 << 20;
constexpr std::uint64_t base = 0x7f0000000000;  // a multiple of 64 MiB

ProcessMap mapping(std::uint64_t start, std::uint64_t end, const std::string& path = "") {
    ProcessMap map;
    map.start = start;
    map.end = end;
    map.path = path;
    map.inode = path.starts_with("/") ? 1 : 0;
    map.readable = true;
    map.writable = true;
    return map;
}

class RootsTest : public testing::Test {
  protected:
    AddressRanges roots() { return find().ranges; }
    std::size_t root_words() { return find().words.size(); }

    Roots find() {
        const LiveBlockIndex index(blocks_);
        const AddressRanges everything{{0, address_limit}};
        RootInput input;
        input.maps = &maps_;
        input.threads = &threads_;
        input.blocks = &index;
        input.memory = &memory_;
        input.written = &everything;
        input.ignored_paths = ignored_paths_;
        input.ignored_ranges = ignored_ranges_;
        input.heaps_are_roots = heaps_are_roots_;
        input.ending_stack = ending_stack_;
        input.dead_main_stack = dead_main_stack_;
        return find_roots(input);
    }

    std::vector<ProcessMap> maps_;
    std::vector<ThreadState> threads_;
    LiveBlocks blocks_;
    test::FakeMemory memory_;
    std::vector<std::string> ignored_paths_;
    AddressRanges ignored_ranges_;
    bool heaps_are_roots_ = false;
    std::uint64_t ending_stack_ = 0;
    std::uint64_t dead_main_stack_ = 0;
};

TEST_F(RootsTest, MemoryWithoutBlocksIsOne) {
    maps_ = {mapping(base, base + mib), mapping(base + 2 * mib, base + 3 * mib, "/usr/lib/a.so")};
    EXPECT_EQ(roots(), (AddressRanges{{base, base + mib}, {base + 2 * mib, base + 3 * mib}}));
}

TEST_F(RootsTest, HeapsAndDevicesAreNot) {
    maps_ = {mapping(base, base + mib, "[heap]"),
             mapping(base + mib, base + 2 * mib, "/dev/dri/card0"),
             mapping(base + 2 * mib, base + 3 * mib, "[vvar]")};
    EXPECT_EQ(roots(), AddressRanges{});
}

TEST_F(RootsTest, HeapsAreButForTheirBlocksWhereNotAllBlocksAreKnown) {
    maps_ = {mapping(base, base + mib, "[heap]")};
    blocks_ = {{base + 64, 32}};
    heaps_are_roots_ = true;
    EXPECT_EQ(roots(), (AddressRanges{{base, base + 64}, {base + 96, base + mib}}));
}

TEST_F(RootsTest, WhatIsIgnoredIsNot) {
    maps_ = {mapping(base, base + mib, "/memfd:table (deleted)"),
             mapping(base + mib, base + 2 * mib)};
    ignored_paths_ = {"/memfd:table"};
    ignored_ranges_ = {{base + mib, base + mib + 4096}};
    EXPECT_EQ(roots(), (AddressRanges{{base + mib + 4096, base + 2 * mib}}));
}

TEST_F(RootsTest, BlocksInAFilesDataAreNot) {
    maps_ = {mapping(base, base + mib, "/usr/bin/program")};
    blocks_ = {{base + 64, 32}};
    EXPECT_EQ(roots(), (AddressRanges{{base, base + 64}, {base + 96, base + mib}}));
}

TEST_F(RootsTest, AnotherAllocatorsMemoryIsNot) {
    maps_ = {mapping(base, base + 20 * mib)};
    blocks_ = {{base + 5 * mib, 32}, {base + 9 * mib, 32}};
    EXPECT_EQ(roots(), (AddressRanges{{base, base + 4 * mib},
                                      {base + 6 * mib, base + 8 * mib},
                                      {base + 10 * mib, base + 20 * mib}}));
}

// A mapping of its own has a chunk header: nothing before it, its size, and the flag for it.
TEST_F(RootsTest, OnlyAMappedChunkItselfIsNot) {
    maps_ = {mapping(base, base + 20 * mib)};
    const std::uint64_t chunk = base + 5 * mib;
    blocks_ = {{chunk + 16, 200'000}};
    memory_.put(chunk + 8, 204'800 | 2);
    EXPECT_EQ(roots(), (AddressRanges{{base, chunk}, {chunk + 204'800, base + 20 * mib}}));
}

TEST_F(RootsTest, AnArenasHeapIsNotEvenWithoutBlocks) {
    maps_ = {mapping(base, base + mib)};
    memory_.put(base, base + 32);   // the arena
    memory_.put(base + 16, 65536);  // its size, used and writable
    memory_.put(base + 24, 131072);
    EXPECT_EQ(roots(), (AddressRanges{{base + 131072, base + mib}}));
}

TEST_F(RootsTest, TheMainStackBeginsAtTheRedZone) {
    maps_ = {mapping(base, base + mib, "[stack]")};
    threads_.resize(1);
    threads_[0].stack_pointer = base + 1000 * 16;
    EXPECT_EQ(roots(), (AddressRanges{{base + 1000 * 16 - 128, base + mib}}));
}

TEST_F(RootsTest, TheThreadThatWaitsIsLookedAtFromWhereItBeganToWait) {
    maps_ = {mapping(base, base + mib, "[stack]")};
    threads_.resize(1);
    threads_[0].stack_pointer = base + 1000 * 16;
    threads_[0].general = {base};
    ending_stack_ = base + 1100 * 16;
    EXPECT_EQ(roots(), (AddressRanges{{base + 1100 * 16, base + mib}}));
    EXPECT_EQ(root_words(), 0u) << "its registers are its waiting's";
}

TEST_F(RootsTest, ThreadsThatDoNotWaitAreLookedAtAsEver) {
    maps_ = {mapping(base, base + mib, "[stack]")};
    threads_.resize(1);
    threads_[0].stack_pointer = base + 1000 * 16;
    threads_[0].general = {base};
    ending_stack_ = base + 8 * mib;
    EXPECT_EQ(roots(), (AddressRanges{{base + 1000 * 16 - 128, base + mib}}));
    EXPECT_EQ(root_words(), 1u);
}

TEST_F(RootsTest, OfAnEndedFirstThreadsStackOnlyWhatTheProcessWasGivenIs) {
    maps_ = {mapping(base, base + mib, "[stack]")};
    dead_main_stack_ = base + mib - 4096;
    EXPECT_EQ(roots(), (AddressRanges{{base + mib - 4096, base + mib}}));
}

TEST_F(RootsTest, AStackInABlockIsOneFromItsPointerToTheBlocksEnd) {
    maps_ = {mapping(base, base + mib, "[heap]")};
    blocks_ = {{base + 4096, 65536}, {base + 4096 + 65552, 32}};
    threads_.resize(1);
    threads_[0].stack_pointer = base + 40960;
    EXPECT_EQ(roots(), (AddressRanges{{base + 40960 - 128, base + 4096 + 65536}}));
}

// A coroutine's: others may be suspended below.
TEST_F(RootsTest, AnUnknownStackIsOneWithAllAroundIt) {
    maps_ = {mapping(base, base + mib)};
    threads_.resize(1);
    threads_[0].stack_pointer = base + 40960;
    EXPECT_EQ(roots(), (AddressRanges{{base, base + mib}}));
}

}  // namespace
}  // namespace leakcheck::reach
