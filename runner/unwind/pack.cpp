// SPDX-License-Identifier: Apache-2.0
#include "runner/unwind/pack.hpp"

#include <span>

namespace leakcheck::unwind {
namespace {

constexpr std::uint64_t kWords =
    std::uint64_t{LEAKCHECK_UNWIND_SLABS} * LEAKCHECK_UNWIND_SLAB_WORDS;
constexpr std::uint64_t kSlabMask = LEAKCHECK_UNWIND_SLAB_WORDS - 1;

class Packer {
  public:
    Packer(std::uint32_t first_word, std::size_t rows, std::size_t buckets)
        : first_word_(first_word) {
        words_.reserve(rows + buckets + 2);
        index_.reserve(buckets + 1);
    }

    // What is known before the first row.
    void begin() { append(LEAKCHECK_UNWIND_ROW(0, kRuleNone)); }

    // The rows of the next bucket; their offsets count from the table's start.
    void add_bucket(std::span<const CodeRow> rows) {
        if (place() == 0 || LEAKCHECK_UNWIND_SLAB_WORDS - place() < rows.size()) begin_slab();
        index_.push_back(next());
        for (const CodeRow& row : rows) {
            const std::uint32_t offset = row.offset & (LEAKCHECK_UNWIND_BUCKET_SIZE - 1);
            append(LEAKCHECK_UNWIND_ROW(offset, row.rule));
        }
    }

    PackedTable finish() {
        PackedTable table;
        table.buckets = static_cast<std::uint32_t>(index_.size());
        index_.push_back(next());
        table.index = next();
        words_.insert(words_.end(), index_.begin(), index_.end());
        table.words = std::move(words_);
        return table;
    }

  private:
    std::uint32_t next() const { return first_word_ + static_cast<std::uint32_t>(words_.size()); }
    std::uint32_t place() const { return next() & kSlabMask; }  // in its slab
    void append(std::uint32_t word) { words_.push_back(word); }

    // The row before a bucket's first must stand in the same slab. Padding is shorter than a bucket
    // can be, so that a search among its rows and the padding ends as soon.
    void begin_slab() {
        const std::uint32_t last_row = words_.back();
        while (place() != 0) append(LEAKCHECK_UNWIND_PADDING);
        append(last_row);
    }

    std::uint32_t first_word_;
    std::vector<std::uint32_t> words_;
    std::vector<std::uint32_t> index_;
};

// The rows before an offset, taken off the front.
std::span<const CodeRow> take_rows(std::span<const CodeRow>& rows, std::uint64_t end) {
    std::size_t count = 0;
    while (count < rows.size() && rows[count].offset < end) ++count;
    const std::span<const CodeRow> taken = rows.first(count);
    rows = rows.subspan(count);
    return taken;
}

// Before padding: the row that begins the table, all others, of which the last may lie behind the
// last bucket, and the index.
bool is_too_large(const CodeTable& table, std::uint64_t buckets, std::uint32_t first_word) {
    const std::uint64_t words = 1 + (table.rows.size() - 1) + buckets + 1;
    return first_word >= kWords || words > kWords - first_word;
}

}  // namespace

std::optional<PackedTable> pack(const CodeTable& table, std::uint32_t first_word) {
    if (table.rows.empty()) return PackedTable{};
    const std::uint64_t size = table.end - table.start;
    const std::uint64_t buckets =
        (size + LEAKCHECK_UNWIND_BUCKET_SIZE - 1) >> LEAKCHECK_UNWIND_BUCKET_SHIFT;
    if (is_too_large(table, buckets, first_word)) return std::nullopt;
    Packer packer(first_word, table.rows.size(), buckets);
    packer.begin();
    std::span<const CodeRow> rows = table.rows;
    for (std::uint64_t i = 0; i < buckets; ++i) {
        packer.add_bucket(take_rows(rows, (i + 1) << LEAKCHECK_UNWIND_BUCKET_SHIFT));
    }
    PackedTable packed = packer.finish();
    if (packed.words.size() > kWords - first_word) return std::nullopt;
    return packed;
}

}  // namespace leakcheck::unwind
