// SPDX-License-Identifier: Apache-2.0
//
// What counts as a pointer, and which interior pointers count as start pointers.
#include "runner/reach/block_scanner.hpp"

#include <gtest/gtest.h>

#include "tests/unit/runner/reach/fake_memory.hpp"

namespace leakcheck::reach {
namespace {

using test::FakeHeap;

// The kind of a block that one interior pointer leads to.
LeakKind kind_by(FakeHeap& heap, std::uint64_t block, std::uint64_t offset) {
    heap.hold(block + offset);
    heap.mark();
    return heap.kind(block);
}

TEST(BlockScanner, ACookieOfNewCounts) {
    FakeHeap heap;
    const std::uint64_t block = heap.add(0x1000, 8 + 3 * 40);
    heap.put(block, 3);
    EXPECT_EQ(kind_by(heap, block, 8), LeakKind::reachable);
}

TEST(BlockScanner, ACookieThatDoesNotFitDoesNotCount) {
    FakeHeap heap;
    const std::uint64_t block = heap.add(0x1000, 8 + 3 * 40);
    heap.put(block, 7);
    EXPECT_EQ(kind_by(heap, block, 8), LeakKind::possible);
}

TEST(BlockScanner, ACookieOfNoElementsDoesNotCount) {
    FakeHeap heap;
    EXPECT_EQ(kind_by(heap, heap.add(0x1000, 48), 8), LeakKind::possible);
}

TEST(BlockScanner, ALengthCountsByItself) {
    FakeHeap heap;
    heap.scan.heuristics.newarray = false;
    const std::uint64_t block = heap.add(0x1000, 8 + 100);
    heap.put(block, 100);
    EXPECT_EQ(kind_by(heap, block, 8), LeakKind::reachable);
}

TEST(BlockScanner, AnOldStringCounts) {
    FakeHeap heap;
    const std::uint64_t block = heap.add(0x1000, 24 + 20 + 1);
    heap.put(block, 7);
    heap.put(block + 8, 20);
    EXPECT_EQ(kind_by(heap, block, 24), LeakKind::reachable);
}

TEST(BlockScanner, AStringLongerThanItsCapacityDoesNotCount) {
    FakeHeap heap;
    const std::uint64_t block = heap.add(0x1000, 24 + 20 + 1);
    heap.put(block, 21);
    heap.put(block + 8, 20);
    EXPECT_EQ(kind_by(heap, block, 24), LeakKind::possible);
}

TEST(BlockScanner, HeuristicsCanBeSwitchedOff) {
    FakeHeap heap;
    heap.scan.heuristics = {false, false, false, false};
    const std::uint64_t block = heap.add(0x1000, 8 + 3 * 40);
    heap.put(block, 3);
    EXPECT_EQ(kind_by(heap, block, 8), LeakKind::possible);
}

// An object with two vtable pointers, of which the vtables are in a file's mapping.
class TwoBases : public testing::Test {
  protected:
    TwoBases() {
        ProcessMap code;
        code.start = 0x400000;
        code.end = 0x401000;
        code.inode = 1;
        code.readable = true;
        code.executable = true;
        ProcessMap data = code;
        data.start = 0x500000;
        data.end = 0x501000;
        data.executable = false;
        heap_.files = {code, data};
        for (const std::uint64_t vtable : {0x500100, 0x500200}) {
            heap_.put(vtable + 8, 0x400010);
            heap_.put(vtable + 16, 0x400020);
        }
        heap_.put(block_, 0x500100);
        heap_.put(block_ + 16, 0x500200);
    }

    FakeHeap heap_;
    std::uint64_t block_ = heap_.add(0x1000, 48);
};

TEST_F(TwoBases, APointerToTheSecondCounts) {
    EXPECT_EQ(kind_by(heap_, block_, 16), LeakKind::reachable);
}

TEST_F(TwoBases, APointerToAMemberDoesNot) {
    EXPECT_EQ(kind_by(heap_, block_, 24), LeakKind::possible);
}

TEST_F(TwoBases, OneFunctionMakesNoVtable) {
    heap_.put(0x500200 + 16, 0x1234);
    EXPECT_EQ(kind_by(heap_, block_, 16), LeakKind::possible);
}

TEST_F(TwoBases, TheFirstWordMustPointToAVtable) {
    heap_.put(block_, 0);
    EXPECT_EQ(kind_by(heap_, block_, 16), LeakKind::possible);
}

TEST(BlockScanner, OnlyAlignedWordsInsideTheBlockCount) {
    FakeHeap heap;
    const std::uint64_t held = heap.add(0x1000, 20);
    const std::uint64_t behind = heap.add(0x2000, 8);
    const std::uint64_t inside = heap.add(0x3000, 8);
    heap.hold(held);
    heap.put(held + 8, inside);
    heap.put(held + 16, behind);  // its last 4 bytes were not asked for
    heap.mark();
    EXPECT_EQ(heap.kind(inside), LeakKind::reachable);
    EXPECT_EQ(heap.kind(behind), LeakKind::definite);
}

TEST(BlockScanner, BlocksOffTheGridAreReadFromTheNextWord) {
    FakeHeap heap;
    const std::uint64_t odd = heap.add(0x1003, 29);
    const std::uint64_t held = heap.add(0x2000, 8);
    heap.hold(odd);
    heap.put(0x1018, held);
    heap.mark();
    EXPECT_EQ(heap.kind(held), LeakKind::reachable);
}

TEST(BlockScanner, LargeBlocksAreReadToTheEnd) {
    FakeHeap heap;
    constexpr std::uint64_t size = (5 << 20) + 24;
    const std::uint64_t large = heap.add(0x10000000, size);
    const std::uint64_t held = heap.add(0x2000, 8);
    const std::uint64_t also_held = heap.add(0x20000000, 8);
    heap.hold(large);
    heap.put(large + size - 8, held);
    heap.put(large + (1 << 20), also_held);
    heap.mark();
    EXPECT_EQ(heap.kind(held), LeakKind::reachable);
    EXPECT_EQ(heap.kind(also_held), LeakKind::reachable);
    EXPECT_EQ(heap.counts.scanned_bytes, size + 16);
}

TEST(BlockScanner, SeveralThreadsFindTheSame) {
    FakeHeap heap;
    constexpr std::uint64_t count = 10 * PointerGraph::blocks_per_part + 17;
    for (std::uint64_t i = 0; i < count; ++i) {
        heap.add(0x100000 + 64 * i, 48);
        heap.put(0x100000 + 64 * i + 8, 0x100000 + 64 * (i * 7 % count));
    }
    FakeHeap parallel;
    parallel.blocks = heap.blocks;
    for (const LiveBlock& block : heap.blocks)
        parallel.put(block.address + 8, *heap.memory.word_at(block.address + 8));
    parallel.scan.threads = 3;
    EXPECT_EQ(heap.mark().kinds, parallel.mark().kinds);
    EXPECT_EQ(heap.result.leaders, parallel.result.leaders);
}

TEST(BlockScanner, WhatCannotBeReadIsCounted) {
    FakeHeap heap;
    heap.add(0x10000, 64);
    heap.add(0x20000, 64);
    heap.memory.make_unreadable({0x20000, 0x20020});
    heap.mark();
    EXPECT_EQ(heap.counts.unread_bytes, 32u);
    EXPECT_EQ(heap.traits[0] & PointerGraph::not_read, 0);
    EXPECT_NE(heap.traits[1] & PointerGraph::not_read, 0);
}

TEST(BlockScanner, PastTheLimitPartsAreLeft) {
    FakeHeap heap;
    for (std::uint64_t i = 0; i < 3 * PointerGraph::blocks_per_part; ++i)
        heap.add(0x100000 + 64 * i, 48);
    heap.scan.out_of_time = [] { return true; };
    heap.mark();
    EXPECT_EQ(heap.counts.parts_left, 3u);
    EXPECT_EQ(heap.counts.scanned_bytes, 0u);
}

}  // namespace
}  // namespace leakcheck::reach
