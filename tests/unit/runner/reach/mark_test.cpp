// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/mark.hpp"

#include <gtest/gtest.h>

#include "tests/unit/runner/reach/fake_memory.hpp"

namespace leakcheck::reach {
namespace {

using test::FakeHeap;

// The nine cases of memcheck's manual, "Memory leak detection": a root, A and B, joined by start pointers (to a) and
// interior pointers (into a).
struct Case {
    const char* name;
    std::uint64_t root;  // offset into A of what the root holds, or none
    std::uint64_t link;  // offset into B of what A holds, or none
    LeakKind a;
    LeakKind b;
};
constexpr std::uint64_t none = 1000;

class MemcheckCases : public testing::TestWithParam<Case> {};

TEST_P(MemcheckCases, GiveTheSameKinds) {
    const Case& test = GetParam();
    FakeHeap heap;
    const std::uint64_t a = heap.add(0x1000, 48);
    const std::uint64_t b = heap.add(0x2000, 48);
    if (test.root != none) heap.hold(a + test.root);
    if (test.link != none) heap.put(a + 16, b + test.link);
    heap.mark();
    EXPECT_EQ(heap.kind(a), test.a);
    EXPECT_EQ(heap.kind(b), test.b);
    if (test.b == LeakKind::indirect) {
        EXPECT_EQ(heap.leader(b), a);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Mark, MemcheckCases,
    testing::Values(Case{"to_a_to_b", 0, 0, LeakKind::reachable, LeakKind::reachable},
                    Case{"alone", none, none, LeakKind::definite, LeakKind::definite},
                    Case{"a_to_b", none, 0, LeakKind::definite, LeakKind::indirect},
                    Case{"to_a_into_b", 0, 16, LeakKind::reachable, LeakKind::possible},
                    Case{"into_a_to_b", 16, 0, LeakKind::possible, LeakKind::possible},
                    Case{"into_a_into_b", 16, 16, LeakKind::possible, LeakKind::possible},
                    Case{"a_into_b", none, 16, LeakKind::definite, LeakKind::indirect}),
    [](const auto& one) { return one.param.name; });

TEST(Mark, AStartPointerOutweighsAnInteriorOne) {
    FakeHeap heap;
    const std::uint64_t a = heap.add(0x1000, 48);
    const std::uint64_t b = heap.add(0x2000, 48);
    heap.hold(b + 16);
    heap.put(b, a);
    heap.hold(a);
    heap.put(a, b);
    heap.mark();
    EXPECT_EQ(heap.kind(a), LeakKind::reachable);
    EXPECT_EQ(heap.kind(b), LeakKind::reachable);
}

TEST(Mark, TheLowestAddressLeadsARing) {
    FakeHeap heap;
    const std::uint64_t a = heap.add(0x1000, 16);
    const std::uint64_t b = heap.add(0x2000, 16);
    const std::uint64_t c = heap.add(0x3000, 16);
    heap.put(a, c);
    heap.put(c, b);
    heap.put(b, a);
    heap.mark();
    EXPECT_EQ(heap.kind(a), LeakKind::definite);
    EXPECT_EQ(heap.leader(b), a);
    EXPECT_EQ(heap.leader(c), a);
}

TEST(Mark, ALaterLeaderTakesWhatEarlierOnesLed) {
    FakeHeap heap;
    const std::uint64_t a = heap.add(0x1000, 16);
    const std::uint64_t b = heap.add(0x2000, 16);
    const std::uint64_t c = heap.add(0x3000, 16);
    const std::uint64_t high = heap.add(0x4000, 16);
    heap.put(a, high);
    heap.put(b, a);
    heap.put(c, b);
    heap.mark();
    for (const std::uint64_t block : {a, b, high}) {
        EXPECT_EQ(heap.kind(block), LeakKind::indirect);
        EXPECT_EQ(heap.leader(block), c);
    }
    EXPECT_EQ(heap.kind(c), LeakKind::definite);
}

TEST(Mark, ALongListNeedsNoStack) {
    FakeHeap heap;
    constexpr std::uint64_t length = 200'000;
    for (std::uint64_t i = 0; i < length; ++i) {
        heap.add(0x100000 + 32 * i, 24);
        if (i > 0) heap.put(0x100000 + 32 * i, 0x100000 + 32 * (i - 1));
    }
    heap.mark();
    EXPECT_EQ(heap.kind(0x100000 + 32 * (length - 1)), LeakKind::definite);
    EXPECT_EQ(heap.leader(0x100000), 0x100000 + 32 * (length - 1));
}

TEST(Mark, LinksTellWhatHoldsABlock) {
    FakeHeap heap;
    const std::uint64_t a = heap.add(0x1000, 48);
    const std::uint64_t b = heap.add(0x2000, 48);
    heap.hold(a);
    heap.put(a + 24, b);
    heap.scan.places = Places::keep;
    const Marks marks = heap.mark();
    EXPECT_EQ(marks.reached_from[heap.number(a)].block, ReachedFrom::no_block);
    EXPECT_EQ(marks.reached_from[heap.number(a)].where, 0u);
    EXPECT_EQ(marks.reached_from[heap.number(b)].block, heap.number(a));
    EXPECT_EQ(marks.reached_from[heap.number(b)].where, 24u);
}

TEST(Mark, LinksAreThoseOfAShortestWay) {
    FakeHeap heap;
    const std::uint64_t a = heap.add(0x1000, 48);
    const std::uint64_t b = heap.add(0x2000, 48);
    const std::uint64_t c = heap.add(0x3000, 48);
    const std::uint64_t d = heap.add(0x4000, 48);
    heap.hold(a);
    heap.put(a, b);
    heap.put(b, c);
    heap.put(c, d);
    heap.put(a + 40, d + 16);  // does not count as one to the start
    heap.put(a + 32, c);
    heap.scan.places = Places::keep;
    const Marks marks = heap.mark();
    EXPECT_EQ(marks.reached_from[heap.number(c)].block, heap.number(a));
    EXPECT_EQ(marks.reached_from[heap.number(c)].steps, 1u);
    EXPECT_EQ(marks.reached_from[heap.number(d)].block, heap.number(c));
    EXPECT_EQ(marks.reached_from[heap.number(d)].entered_at, 0u);
    EXPECT_EQ(marks.reached_from[heap.number(d)].steps, 2u);
}

TEST(Mark, LinksSayWhereAPointerPointsTo) {
    FakeHeap heap;
    const std::uint64_t a = heap.add(0x1000, 48);
    const std::uint64_t b = heap.add(0x2000, 48);
    heap.hold(a + 24);
    heap.put(a + 8, b + 32);
    heap.scan.places = Places::keep;
    const Marks marks = heap.mark();
    EXPECT_EQ(marks.reached_from[heap.number(a)].entered_at, 24u);
    EXPECT_EQ(marks.reached_from[heap.number(b)].entered_at, 32u);
}

TEST(Mark, ALinkOfADefiniteBlockClosesItsRing) {
    FakeHeap heap;
    const std::uint64_t alone = heap.add(0x0800, 48);
    const std::uint64_t a = heap.add(0x1000, 48);
    const std::uint64_t b = heap.add(0x2000, 48);
    const std::uint64_t c = heap.add(0x3000, 48);
    heap.put(a, b);
    heap.put(b + 8, c);
    heap.put(c + 16, a);
    heap.put(b + 40, a);
    heap.scan.places = Places::keep;
    const Marks marks = heap.mark();
    ASSERT_EQ(heap.kind(a), LeakKind::definite);
    EXPECT_EQ(marks.reached_from[heap.number(a)].block, heap.number(b)) << "the shorter one";
    EXPECT_EQ(marks.reached_from[heap.number(a)].where, 40u);
    EXPECT_EQ(marks.reached_from[heap.number(alone)].where, ReachedFrom::nowhere);
}

TEST(Mark, WhatIsProvenStaysWhereNotAllWasRead) {
    FakeHeap heap;
    const std::uint64_t a = heap.add(0x1000, 48);
    const std::uint64_t b = heap.add(0x2000, 48);
    const std::uint64_t c = heap.add(0x3000, 48);
    heap.hold(a);
    heap.hold(b + 8);
    heap.mark(Everything::not_read);
    EXPECT_EQ(heap.kind(a), LeakKind::reachable);
    EXPECT_EQ(heap.kind(b), LeakKind::possible);
    EXPECT_EQ(heap.kind(c), LeakKind::unclassified);
}

TEST(Mark, PastTheLimitNothingIsGuessed) {
    constexpr std::uint64_t length = 20'000;
    FakeHeap heap;
    for (std::uint64_t i = 0; i < length; ++i) {
        heap.add(0x100000 + 32 * i, 24);
        if (i > 0) heap.put(0x100000 + 32 * (i - 1), 0x100000 + 32 * i);
    }
    heap.hold(0x100000);
    int asked = 0;
    heap.out_of_time = [&] { return ++asked == 2; };
    const Marks marks = heap.mark();
    EXPECT_FALSE(marks.complete);
    EXPECT_EQ(heap.kind(0x100000 + 32 * 1000), LeakKind::reachable);
    EXPECT_EQ(heap.kind(0x100000 + 32 * (length - 1)), LeakKind::unclassified);
    for (const LeakKind kind : marks.kinds)
        EXPECT_TRUE(kind == LeakKind::reachable || kind == LeakKind::unclassified);
}

}  // namespace
}  // namespace leakcheck::reach
