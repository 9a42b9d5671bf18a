// SPDX-License-Identifier: Apache-2.0
//
// Totals of samples, from a table that the test itself has filled.
#include "runner/trace/sample_totals.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include "runner/trace/snapshot_ids.hpp"

namespace leakcheck {
namespace {

constexpr int no_map = -1;  // so no context has a stack but its innermost caller
constexpr std::uint64_t one = LEAKCHECK_WEIGHT_ONE;

// The process's side of a table.
class FilledTable {
  public:
    FilledTable()
        : memory_(static_cast<unsigned char*>(::mmap(nullptr, LEAKCHECK_TABLE_BYTES,
                                                     PROT_READ | PROT_WRITE,
                                                     MAP_SHARED | MAP_NORESERVE, table.fd(), 0))) {}
    ~FilledTable() { ::munmap(memory_, LEAKCHECK_TABLE_BYTES); }
    FilledTable(const FilledTable&) = delete;
    FilledTable& operator=(const FilledTable&) = delete;

    void add_context(std::uint64_t caller) {
        const std::uint32_t number = ++head().contexts;
        at<leakcheck_context>(LEAKCHECK_TABLE_CONTEXT_LIST)[number].caller = caller;
    }
    void add_account(const leakcheck_account& account, const leakcheck_account_total& total) {
        const std::uint32_t number = ++head().accounts;
        at<leakcheck_account>(LEAKCHECK_TABLE_ACCOUNT_LIST)[number] = account;
        at<leakcheck_account_total>(LEAKCHECK_TABLE_ACCOUNT_TOTALS)[number] = total;
    }

    CountedTable table;

  private:
    template <typename Item>
    Item* at(std::uint64_t offset) {
        return reinterpret_cast<Item*>(memory_ + offset);
    }
    leakcheck_table_head& head() { return *at<leakcheck_table_head>(0); }

    unsigned char* memory_;
};

std::vector<AllocationTotal> totals_of(const FilledTable& filled,
                                       const std::vector<LiveSum>& live) {
    ContextStacks stacks(7, no_map, filled.table.contexts());
    return sample_totals(filled.table, ProcessId{7}, stacks, live);
}

TEST(SampleTotals, WeighEachAccount) {
    FilledTable filled;
    filled.add_context(0x1000);
    filled.add_account({1, 4, one}, {32, 3200});
    filled.add_account({1, 4, 2 * one}, {32, 3100});
    filled.add_account({1, 4, 5 * one / 2}, {4, 400});
    const auto totals = totals_of(filled, {{}, {2, 200}, {}, {1, 100}});
    ASSERT_EQ(totals.size(), 1u);
    EXPECT_EQ(totals[0].process, ProcessId{7});
    EXPECT_EQ(totals[0].owner, owner_id(4));
    EXPECT_EQ(totals[0].allocated_blocks, 68u);
    EXPECT_EQ(totals[0].allocated_bytes, 6700u);
    EXPECT_EQ(totals[0].freed_blocks, 65u);
    EXPECT_EQ(totals[0].freed_bytes, 6400u);
    EXPECT_DOUBLE_EQ(totals[0].estimated_blocks, 32 + 64 + 10);
    EXPECT_DOUBLE_EQ(totals[0].estimated_bytes, 3200 + 6200 + 1000);
}

TEST(SampleTotals, KeepOwnersAndContextsApart) {
    FilledTable filled;
    filled.add_context(0x1000);
    filled.add_context(0x2000);
    filled.add_account({1, 0, one}, {1, 10});
    filled.add_account({2, 0, one}, {2, 20});
    filled.add_account({1, 1, one}, {3, 30});
    filled.add_account({2, 1, one}, {0, 0});  // reserved, and then not used
    const auto totals = totals_of(filled, {{}, {}, {}, {}, {}});
    ASSERT_EQ(totals.size(), 3u);
    EXPECT_EQ(totals[0].allocated_blocks, 1u);
    EXPECT_EQ(totals[1].allocated_blocks, 2u);
    EXPECT_EQ(totals[2].allocated_blocks, 3u);
    EXPECT_EQ(totals[0].stack, totals[2].stack);
    EXPECT_NE(totals[0].stack, totals[1].stack);
}

}  // namespace
}  // namespace leakcheck
