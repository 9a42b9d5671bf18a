// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/oracle/comparison.hpp"

#include <gtest/gtest.h>

namespace leakcheck::oracle {
namespace {

constexpr std::size_t kDepth = 4;

StackRecord recorded(StackStatus status, std::vector<std::uint64_t> frames) {
    return {StackId{1}, ProcessId{1}, status, 0, std::move(frames)};
}

UnwoundStack whole(std::vector<std::uint64_t> frames) {
    UnwoundStack stack;
    stack.certain = frames.size();
    stack.frames = std::move(frames);
    stack.ended = true;
    return stack;
}

UnwoundStack stopped(std::vector<std::uint64_t> frames, std::size_t certain) {
    UnwoundStack stack = whole(std::move(frames));
    stack.certain = certain;
    stack.ended = false;
    return stack;
}

Verdict verdict(StackStatus status, std::vector<std::uint64_t> frames, const UnwoundStack& actual) {
    const StackRecord record = recorded(status, std::move(frames));
    return compare(&record, actual, kDepth).verdict;
}

TEST(Comparison, CompleteStacksAreTheSameInFullDepth) {
    constexpr auto complete = StackStatus::complete;
    EXPECT_EQ(verdict(complete, {1, 2, 3}, whole({1, 2, 3})), Verdict::identical);
    EXPECT_EQ(verdict(complete, {1, 2}, whole({1, 2, 3})), Verdict::different);
    EXPECT_EQ(verdict(complete, {1, 2, 3, 4}, whole({1, 2, 3})), Verdict::different);
    EXPECT_EQ(verdict(complete, {1, 9, 3}, whole({1, 2, 3})), Verdict::different);
    EXPECT_EQ(verdict(complete, {}, whole({1})), Verdict::different);
}

TEST(Comparison, CompleteStacksAreUnconfirmedWhereLibdwStopped) {
    constexpr auto complete = StackStatus::complete;
    EXPECT_EQ(verdict(complete, {1, 2, 3}, stopped({1, 2}, 2)), Verdict::unconfirmed);
    EXPECT_EQ(verdict(complete, {1, 2}, stopped({1, 2, 8}, 2)), Verdict::unconfirmed);
    EXPECT_EQ(verdict(complete, {1, 2}, stopped({1, 2, 3}, 3)), Verdict::different);
    EXPECT_EQ(verdict(complete, {1, 9, 3}, stopped({1, 2}, 2)), Verdict::different);
}

TEST(Comparison, TruncatedStacksAreTheBeginning) {
    constexpr auto truncated = StackStatus::truncated;
    EXPECT_EQ(verdict(truncated, {1, 2, 3, 4}, stopped({1, 2, 3, 4, 5}, 5)), Verdict::cut_at_depth);
    EXPECT_EQ(verdict(truncated, {1, 2}, whole({1, 2, 3})), Verdict::cut_early);
    EXPECT_EQ(verdict(truncated, {1, 9}, whole({1, 2, 3})), Verdict::different);
    EXPECT_EQ(verdict(truncated, {1, 2, 3}, whole({1, 2})), Verdict::different);
    EXPECT_EQ(verdict(truncated, {1, 2, 3}, stopped({1, 2}, 2)), Verdict::unconfirmed);
}

TEST(Comparison, WhatIsSaidToBeAGuessIsOne) {
    EXPECT_EQ(verdict(StackStatus::frame_pointer, {1, 9}, whole({1, 2})), Verdict::guessed);
    EXPECT_EQ(verdict(StackStatus::missing, {}, whole({1, 2})), Verdict::missing);
    EXPECT_EQ(compare(nullptr, whole({1}), kDepth).verdict, Verdict::missing);
}

TEST(Comparison, CountsAgreeingFrames) {
    const StackRecord record = recorded(StackStatus::complete, {1, 2, 9});
    EXPECT_EQ(compare(&record, whole({1, 2, 3}), kDepth).agreeing, 2u);
}

}  // namespace
}  // namespace leakcheck::oracle
