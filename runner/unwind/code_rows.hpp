// SPDX-License-Identifier: Apache-2.0
//
// Rows of a code table while it is being made: from an offset on, up to the next row, a rule holds.
// Sorted by offset, no two at the same, neighbours with different rules. Thread safety: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "runner/unwind/rule_set.hpp"

namespace leakcheck::unwind {

struct CodeRow {
    std::uint32_t offset;  // bytes from the table's start
    std::uint16_t rule;    // a number of the run's RuleSet

    bool operator==(const CodeRow&) const = default;
};

// Appends rows. The first one stands at 0 and says that there is no information.
class RowWriter {
  public:
    // Room for as many rows is kept ready; more find place as well.
    explicit RowWriter(std::size_t expected = 0) {
        rows_.reserve(expected + 1);
        rows_.push_back({0, kRuleNone});
    }

    // `offset` is that of the last row or a later one; at the same one the new rule counts.
    void add(std::uint32_t offset, std::uint16_t rule) {
        if (rows_.back().offset == offset) rows_.pop_back();
        if (rows_.empty() || rows_.back().rule != rule) rows_.push_back({offset, rule});
    }

    std::vector<CodeRow> take() { return std::move(rows_); }

  private:
    std::vector<CodeRow> rows_;
};

// What `rows` say and, where they have no information, what `filler` says. Neither is empty.
std::vector<CodeRow> overlay(const std::vector<CodeRow>& rows, const std::vector<CodeRow>& filler);

// How many of the bytes before `end` have information.
std::uint64_t covered_bytes(const std::vector<CodeRow>& rows, std::uint32_t end);

}  // namespace leakcheck::unwind
