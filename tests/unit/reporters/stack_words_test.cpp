// SPDX-License-Identifier: Apache-2.0
#include "reporters/stack_words.hpp"

#include <gtest/gtest.h>

#include <random>

namespace leakcheck {
namespace {

StackSummary summary_of(const StackStatistics& allocations, const StackStatistics& leaked = {}) {
    return {{}, leaked, allocations};
}

TEST(Percentages, AreHundredForTheWholeAlone) {
    EXPECT_EQ(percentage_text(7, 7), "100 %");
    EXPECT_EQ(percentage_text(999'999'999, 1'000'000'000), "99.99 %");
    EXPECT_EQ(percentage_text(UINT64_MAX - 1, UINT64_MAX), "99.99 %");
    EXPECT_EQ(percentage_text(1, 1'000'000'000), "0.01 %");
    EXPECT_EQ(percentage_text(0, 7), "0 %");
    EXPECT_EQ(percentage_text(1, 2), "50 %");
    EXPECT_EQ(percentage_text(2, 3), "66.67 %");
}

TEST(Percentages, NeverRoundToNothingOrAll) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937_64 random(seed);
    for (int i = 0; i < 10000; ++i) {
        const std::uint64_t whole = (random() >> (random() % 63)) | 2;
        const std::uint64_t part = 1 + random() % (whole - 1);
        EXPECT_GT(percentage(part, whole), 0) << part << " of " << whole;
        EXPECT_LT(percentage(part, whole), 100) << part << " of " << whole;
    }
}

TEST(StackSummaryText, IsShortWhereAllAreComplete) {
    EXPECT_EQ(stack_summary_text(summary_of({12'345})), "100 % complete (12,345 allocations)");
    EXPECT_EQ(stack_summary_text(summary_of({1}, {1})), "100 % complete (1 allocation)");
    EXPECT_EQ(stack_summary_text(summary_of({}, {3})), "100 % complete (3 leaked blocks)");
    EXPECT_EQ(stack_summary_text(summary_of({})), "");
    EXPECT_TRUE(incomplete_stack_texts(summary_of({12'345}, {3})).empty());
}

TEST(StackSummaryText, NeverSaysHundredWhereSomeAreNot) {
    EXPECT_EQ(stack_summary_text(summary_of({12'344, 1})),
              "99.99 % complete (12,344 of 12,345 allocations)");
    EXPECT_EQ(stack_summary_text(summary_of({100, 0, 2}, {2, 0, 1})),
              "98.04 % complete (100 of 102 allocations, 2 of 3 leaked blocks)");
    EXPECT_EQ(stack_summary_text(summary_of({}, {0, 0, 0, 3})),
              "0 % complete (0 of 3 leaked blocks)");
}

TEST(StackSummaryText, ExplainsEachStatusThatOccurred) {
    const auto texts = incomplete_stack_texts(summary_of({90, 6, 0, 4}, {1, 2, 0, 0}));
    ASSERT_EQ(texts.size(), 2u);
    EXPECT_EQ(texts[0].find("6 % by frame pointers (6 allocations, 2 leaked blocks): "), 0u)
        << texts[0];
    EXPECT_EQ(texts[1].find("4 % no table (4 allocations): "), 0u) << texts[1];
    const auto blocks_only = incomplete_stack_texts(summary_of({5}, {0, 0, 1}));
    ASSERT_EQ(blocks_only.size(), 1u);
    EXPECT_EQ(blocks_only[0].find("cut short (1 leaked block): "), 0u) << blocks_only[0];
}

TEST(StackRemark, SaysWhatIsMissing) {
    Leak leak;
    EXPECT_EQ(stack_remark(leak), "no stack was kept");
    leak.stack.emplace_back();
    EXPECT_EQ(stack_remark(leak), "no table for this code: callers are missing");
    leak.stack_status = StackStatus::truncated;
    EXPECT_EQ(stack_remark(leak), "cut short: callers are missing");
    leak.stack_status = StackStatus::frame_pointer;
    EXPECT_EQ(stack_remark(leak), "a step was guessed by frame pointers: callers may be missing");
    leak.stack_status = StackStatus::complete;
    EXPECT_EQ(stack_remark(leak), "");
}

}  // namespace
}  // namespace leakcheck
