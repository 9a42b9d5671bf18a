// SPDX-License-Identifier: Apache-2.0
#include "runner/unwind/code_rows.hpp"

#include <algorithm>

namespace leakcheck::unwind {
namespace {

constexpr std::uint64_t kNever = std::uint64_t{1} << 32;  // behind every offset

// Goes through rows and knows the rule that holds.
class RowCursor {
  public:
    explicit RowCursor(const std::vector<CodeRow>& rows) : rows_(rows) {}

    std::uint64_t next_offset() const {
        return next_ < rows_.size() ? rows_[next_].offset : kNever;
    }
    void advance_to(std::uint64_t offset) {
        if (next_offset() == offset) rule_ = rows_[next_++].rule;
    }
    std::uint16_t rule() const { return rule_; }

  private:
    const std::vector<CodeRow>& rows_;
    std::size_t next_ = 0;
    std::uint16_t rule_ = kRuleNone;
};

}  // namespace

std::vector<CodeRow> overlay(const std::vector<CodeRow>& rows, const std::vector<CodeRow>& filler) {
    RowCursor upper(rows);
    RowCursor lower(filler);
    RowWriter merged(rows.size() + filler.size());
    while (true) {
        const std::uint64_t offset = std::min(upper.next_offset(), lower.next_offset());
        if (offset == kNever) return merged.take();
        upper.advance_to(offset);
        lower.advance_to(offset);
        merged.add(static_cast<std::uint32_t>(offset),
                   upper.rule() != kRuleNone ? upper.rule() : lower.rule());
    }
}

std::uint64_t covered_bytes(const std::vector<CodeRow>& rows, std::uint32_t end) {
    std::uint64_t covered = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::uint32_t row_end = i + 1 < rows.size() ? rows[i + 1].offset : end;
        if (rows[i].rule != kRuleNone) covered += row_end - rows[i].offset;
    }
    return covered;
}

}  // namespace leakcheck::unwind
