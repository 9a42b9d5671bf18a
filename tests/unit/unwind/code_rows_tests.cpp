// SPDX-License-Identifier: Apache-2.0
#include "runner/unwind/code_rows.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/unit/unwind/fixtures.hpp"

namespace leakcheck::unwind {

std::ostream& operator<<(std::ostream& out, const CodeRow& row) {
    return out << row.offset << ": " << row.rule;
}

namespace {

using Rows = std::vector<CodeRow>;

Rows rows_of(std::initializer_list<CodeRow> added) {
    RowWriter writer;
    for (const CodeRow& row : added) writer.add(row.offset, row.rule);
    return writer.take();
}

TEST(RowWriter, BeginsWithoutInformation) {
    EXPECT_EQ(rows_of({}), (Rows{{0, kRuleNone}}));
    EXPECT_EQ(rows_of({{0, 5}}), (Rows{{0, 5}}));
    EXPECT_EQ(rows_of({{7, 5}}), (Rows{{0, kRuleNone}, {7, 5}}));
}

TEST(RowWriter, MergesNeighboursWithTheSameRule) {
    EXPECT_EQ(rows_of({{0, 5}, {8, 5}, {9, 6}, {12, 6}, {13, 5}}), (Rows{{0, 5}, {9, 6}, {13, 5}}));
}

TEST(RowWriter, KeepsTheLastRuleOfAnOffset) {
    EXPECT_EQ(rows_of({{0, 5}, {8, kRuleNone}, {8, 6}}), (Rows{{0, 5}, {8, 6}}));
    EXPECT_EQ(rows_of({{0, 5}, {8, kRuleNone}, {8, 5}}), (Rows{{0, 5}}));
}

TEST(Overlay, FillsOnlyWhatHasNoInformation) {
    const Rows rows = rows_of({{10, 5}, {20, kRuleNone}, {30, 6}, {40, kRuleNone}});
    const Rows filler = rows_of({{5, 7}, {25, 8}, {35, 9}, {50, kRuleNone}});
    EXPECT_EQ(
        overlay(rows, filler),
        (Rows{
            {0, kRuleNone}, {5, 7}, {10, 5}, {20, 7}, {25, 8}, {30, 6}, {40, 9}, {50, kRuleNone}}));
}

std::uint16_t rule_of(const Rows& rows, std::uint32_t offset) {
    std::uint16_t rule = kRuleNone;
    for (const CodeRow& row : rows) {
        if (row.offset <= offset) rule = row.rule;
    }
    return rule;
}

TEST(Overlay, SaysAtEveryOffsetWhatItsPartsSay) {
    std::mt19937_64 random(test::test_seed());
    const auto random_rows = [&random] {
        RowWriter writer;
        std::uint32_t offset = 0;
        for (int i = 0; i < 20; ++i)
            writer.add(offset += random() % 6, static_cast<std::uint16_t>(random() % 3));
        return writer.take();
    };
    for (int i = 0; i < 200; ++i) {
        const Rows rows = random_rows();
        const Rows filler = random_rows();
        const Rows merged = overlay(rows, filler);
        for (std::uint32_t offset = 0; offset < 120; ++offset) {
            const std::uint16_t upper = rule_of(rows, offset);
            EXPECT_EQ(rule_of(merged, offset),
                      upper != kRuleNone ? upper : rule_of(filler, offset));
        }
        for (std::size_t row = 1; row < merged.size(); ++row) {
            EXPECT_LT(merged[row - 1].offset, merged[row].offset);
            EXPECT_NE(merged[row - 1].rule, merged[row].rule);
        }
    }
}

TEST(CoveredBytes, AreThoseWithInformation) {
    EXPECT_EQ(covered_bytes(rows_of({}), 100), 0u);
    EXPECT_EQ(covered_bytes(rows_of({{10, 5}, {20, 6}, {25, kRuleNone}, {90, 1}}), 100), 25u);
}

}  // namespace
}  // namespace leakcheck::unwind
