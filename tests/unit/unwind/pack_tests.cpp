// SPDX-License-Identifier: Apache-2.0
#include "runner/unwind/pack.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/unit/unwind/fixtures.hpp"
#include "tests/unit/unwind/native_walk.hpp"

namespace leakcheck::unwind {
namespace {

constexpr std::uint32_t kSlab = LEAKCHECK_UNWIND_SLAB_WORDS;
constexpr std::uint32_t kBucket = LEAKCHECK_UNWIND_BUCKET_SIZE;

// A table over `size` bytes from random rows; its rules are numbers up to 999.
CodeTable random_table(std::mt19937_64& random, std::uint32_t size, std::uint32_t largest_step) {
    RowWriter writer;
    for (std::uint32_t offset = 0; offset < size; offset += 1 + random() % largest_step)
        writer.add(offset, static_cast<std::uint16_t>(random() % 1000));
    writer.add(size, kRuleNone);
    CodeTable table;
    table.start = 0x10000;
    table.end = table.start + size;
    table.rows = writer.take();
    return table;
}

RuleSet thousand_rules() {
    RuleSet rules;
    while (rules.size() < 1000)
        rules.number(plain_rule(LEAKCHECK_CFA_RSP, static_cast<std::int32_t>(rules.size())));
    return rules;
}

// What abi/unwind_tables.h promises of an index.
void expect_index(const test::NativeMemory& memory, const PackedTable& packed,
                  std::uint32_t first_word) {
    for (std::uint32_t i = 0; i < packed.buckets; ++i) {
        const std::uint32_t first = memory.word(packed.index + i);
        EXPECT_GT(first, first_word);
        EXPECT_NE(first % kSlab, 0u) << "no row before bucket " << i << " in its slab";
        EXPECT_LE(first, memory.word(packed.index + i + 1));
        EXPECT_NE(memory.word(first - 1), LEAKCHECK_UNWIND_PADDING);
    }
}

// Looks every address up as the walk does.
void expect_lookups(const CodeTable& table, std::uint32_t first_word, std::uint32_t stride = 1) {
    static const RuleSet rules = thousand_rules();
    const auto packed = pack(table, first_word);
    ASSERT_TRUE(packed);
    test::NativeMemory memory;
    memory.write(first_word, packed->words);
    expect_index(memory, *packed, first_word);
    leakcheck_address_range range{};
    range.table_start = range.start = table.start;
    range.end = table.end;
    range.index = packed->index;
    range.buckets = packed->buckets;
    for (std::uint64_t address = table.start; address < table.end; address += stride) {
        ASSERT_EQ(test::find_rule(memory, rules, range, address),
                  test::rule_at(table, rules, address))
            << "at " << address - table.start << ", first word " << first_word;
    }
}

TEST(Pack, LaysOutRowsAndIndex) {
    CodeTable table;
    table.start = 0;
    table.end = 2 * kBucket + 10;
    table.rows = {{0, 2}, {100, 3}, {2 * kBucket, 4}, {2 * kBucket + 10, kRuleNone}};
    const auto packed = pack(table, 7);
    ASSERT_TRUE(packed);
    EXPECT_EQ(packed->buckets, 3u);
    EXPECT_EQ(packed->index, 12u);
    EXPECT_EQ(packed->words, (std::vector<std::uint32_t>{
                                 LEAKCHECK_UNWIND_ROW(0, kRuleNone), LEAKCHECK_UNWIND_ROW(0, 2),
                                 LEAKCHECK_UNWIND_ROW(100, 3), LEAKCHECK_UNWIND_ROW(0, 4),
                                 LEAKCHECK_UNWIND_ROW(10, kRuleNone), 8, 10, 10, 12}));
}

TEST(Pack, ATableWithoutRowsTakesNoWords) {
    const auto packed = pack(CodeTable{}, 1);
    ASSERT_TRUE(packed);
    EXPECT_TRUE(packed->words.empty());
    EXPECT_EQ(packed->index, 0u);
    EXPECT_EQ(packed->buckets, 0u);
}

TEST(Pack, TheEndOfATableThatFillsItsLastBucketHasNoBucket) {
    CodeTable table;
    table.end = kBucket;
    table.rows = {{0, 2}, {kBucket, kRuleNone}};
    const auto packed = pack(table, 1);
    ASSERT_TRUE(packed);
    EXPECT_EQ(packed->buckets, 1u);
    EXPECT_EQ(packed->words.size(), 4u);
}

TEST(Pack, EveryAddressFindsItsRule) {
    std::mt19937_64 random(test::test_seed());
    for (int i = 0; i < 40; ++i) {
        const std::uint32_t size = 1 + random() % 20000;
        const std::uint32_t step = 1 + random() % 3000;  // so that buckets are empty too
        expect_lookups(random_table(random, size, step), 1 + random() % (2 * kSlab), 3);
    }
}

TEST(Pack, CrossesSlabsWhereverTheyEnd) {
    std::mt19937_64 random(test::test_seed());
    for (std::uint32_t left = 0; left < 200; ++left) {
        expect_lookups(random_table(random, 3000, 40), 2 * kSlab - left, 7);
    }
}

TEST(Pack, FullBucketsMoveToTheNextSlab) {
    std::mt19937_64 random(test::test_seed());
    for (const std::uint32_t left : {1u, 2u, 3u, 1023u, 1024u, 1025u, 1026u, 2048u, 2050u}) {
        expect_lookups(random_table(random, 5 * kBucket, 1), kSlab - left, 1);
    }
}

TEST(Pack, ALargeTableTakesManySlabs) {
    std::mt19937_64 random(test::test_seed());
    expect_lookups(random_table(random, 3 * kSlab, 3), 1000, 61);
}

TEST(Pack, RefusesWhatDoesNotFit) {
    std::mt19937_64 random(test::test_seed());
    const CodeTable table = random_table(random, 10000, 10);
    const std::size_t size = pack(table, 1)->words.size();
    const std::uint32_t end = LEAKCHECK_UNWIND_SLABS * kSlab;
    EXPECT_TRUE(pack(table, end - static_cast<std::uint32_t>(size)));
    EXPECT_FALSE(pack(table, end - static_cast<std::uint32_t>(size) + 1));
    EXPECT_FALSE(pack(table, end - 1));
    EXPECT_FALSE(pack(table, end));
    EXPECT_FALSE(pack(table, 0xffffffff));
}

}  // namespace
}  // namespace leakcheck::unwind
