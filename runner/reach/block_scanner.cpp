// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/block_scanner.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <limits>
#include <span>
#include <thread>
#include <vector>

#include "runner/reach/pointer_finder.hpp"
#include "runner/reach/vtables.hpp"

namespace leakcheck::reach {
namespace {

constexpr std::uint64_t window_bytes = 1 << 20;  // read at once; stays in the second-level cache
constexpr std::uint64_t most_gap_bytes = 4096;   // between blocks, read with them rather than apart

std::uint32_t saturated(std::uint64_t value) {
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(std::min(value, most));
}

// Memory that has been read in one go.
class Window {
  public:
    explicit Window(const BlockScan& scan)
        : scan_(&scan), words_((window_bytes + page_size) / word_size) {}

    bool covers(std::uint64_t start, std::uint64_t end) const {
        return start >= range_.start && end <= range_.end;
    }
    // Reads what is written, and puts zeros elsewhere. Returns how many bytes could not be read.
    std::uint64_t read(const AddressRange& range) {
        range_ = range;
        const std::span<std::byte> buffer =
            std::as_writable_bytes(std::span(words_)).first(range.size());
        std::uint64_t unread = 0;
        std::uint64_t place = range.start;
        for (auto next = first_ending_above(*scan_->written, place); place < range.end; ++next) {
            const bool is_last = next == scan_->written->end() || next->start >= range.end;
            const std::uint64_t start = is_last ? range.end : std::max(next->start, place);
            std::memset(buffer.data() + (place - range.start), 0, start - place);
            if (is_last) break;
            place = std::min(next->end, range.end);
            unread += read_part(start, buffer.subspan(start - range.start, place - start));
        }
        return unread;
    }
    std::span<const std::uint64_t> words(std::uint64_t start, std::uint64_t end) const {
        return std::span(words_).subspan((start - range_.start) / word_size,
                                         (end - start) / word_size);
    }

  private:
    // What was in the buffer before must not be taken for what could not be read.
    std::uint64_t read_part(std::uint64_t address, std::span<std::byte> buffer) const {
        if (scan_->memory->read(address, buffer) == buffer.size()) return 0;
        std::memset(buffer.data(), 0, buffer.size());
        return buffer.size() - scan_->memory->read(address, buffer);
    }

    const BlockScan* scan_;
    std::vector<std::uint64_t> words_;
    AddressRange range_;
};

// What one thread does, part after part.
class PartScanner {
  public:
    PartScanner(const BlockScan& scan, PointerGraph& graph)
        : scan_(scan),
          graph_(graph),
          blocks_(graph.index().blocks()),
          window_(scan),
          finder_(graph.index()),
          vtables_(*scan.files, *scan.memory) {}

    void scan_part(std::size_t number) {
        part_ = &graph_.part(number);
        first_ = static_cast<BlockNumber>(number << PointerGraph::part_bits);
        end_ = static_cast<BlockNumber>(
            std::min<std::size_t>(first_ + PointerGraph::blocks_per_part, blocks_.size()));
        all_mapped_ = is_mapped({blocks_[first_].address, blocks_[end_ - 1].end()});
        for (BlockNumber block = first_; block < end_ && !stopped_; ++block) scan_block(block);
        note_pointers();
        part_->finish();
        if (stopped_) ++counts_.parts_left;
    }
    const ScanCounts& counts() const { return counts_; }

  private:
    void scan_block(BlockNumber number) {
        const LiveBlock& block = blocks_[number];
        const std::uint64_t start = round_up(block.address, word_size);
        const std::uint64_t end = std::max(start, round_down(block.end(), word_size));
        traits_ = 0;
        if (!all_mapped_ && !is_mapped({start, end})) note_unread(end - start);
        for (std::uint64_t place = start; place < end && !stopped_;) {
            const std::uint64_t until = std::min(end, place + window_bytes);
            if (!window_.covers(place, until)) move_window(number, place);
            scan_words(number, place, until);
            if (until < end) note_pointers();
            place = until < end ? next_written(until, end) : end;
        }
        counts_.scanned_bytes += end - start;
        graph_.set_traits(number, traits_);
    }

    bool is_mapped(const AddressRange& range) const {
        const AddressRange* mapping = range_at(*scan_.mapped, range.start);
        return range.size() == 0 || (mapping != nullptr && range.end <= mapping->end);
    }

    void note_unread(std::uint64_t bytes) {
        counts_.unread_bytes += bytes;
        traits_ |= PointerGraph::not_read;
    }

    // Most of a very large block may never have been touched.
    std::uint64_t next_written(std::uint64_t place, std::uint64_t end) const {
        const auto next = first_ending_above(*scan_.written, place);
        if (next == scan_.written->end() || next->start >= end) return end;
        return std::max(place, next->start);
    }

    // The window begins with the block, or what is left of it, and takes in those behind it that fit.
    void move_window(BlockNumber number, std::uint64_t start) {
        stopped_ = scan_.out_of_time();
        const std::uint64_t limit = start + window_bytes;
        std::uint64_t end = std::min(round_down(blocks_[number].end(), word_size), limit);
        for (BlockNumber next = number + 1; next < end_; ++next) {
            const std::uint64_t next_end = round_down(blocks_[next].end(), word_size);
            if (next_end > limit || blocks_[next].address > end + most_gap_bytes) break;
            end = std::max(end, next_end);
        }
        const std::uint64_t unread = window_.read({start, end});
        window_has_holes_ = unread != 0;
        counts_.unread_bytes += unread;
    }

    void scan_words(BlockNumber number, std::uint64_t start, std::uint64_t end) {
        const LiveBlock& block = blocks_[number];
        const std::span<const std::uint64_t> words = window_.words(start, end);
        if (window_has_holes_) traits_ |= PointerGraph::not_read;
        if (start == block.address) note_first_words(block, words);
        if ((traits_ & PointerGraph::has_vtable) != 0) note_inner_objects(words, start, block);
        finder_.add(words, number, (start - round_up(block.address, word_size)) / word_size);
    }

    void note_first_words(const LiveBlock& block, std::span<const std::uint64_t> words) {
        if (has_length(block, words)) traits_ |= PointerGraph::has_length;
        if (has_string_header(block, words)) traits_ |= PointerGraph::has_string_header;
        if (scan_.heuristics.multipleinheritance && vtables_.is_vtable(words[0]))
            traits_ |= PointerGraph::has_vtable;
    }

    // The first word is how many bytes follow, or the number of elements that the rest can be divided into: the
    // cookie of new[] for elements with a destructor (Itanium C++ ABI, 2.7).
    bool has_length(const LiveBlock& block, std::span<const std::uint64_t> words) const {
        const std::uint64_t rest = block.size - word_size;
        if (words[0] == 0) return false;
        return (scan_.heuristics.length64 && words[0] == rest) ||
               (scan_.heuristics.newarray && rest % words[0] == 0);
    }

    // Length, capacity and reference count stand before the characters, a 0 behind them (libstdc++'s
    // copy-on-write std::string).
    bool has_string_header(const LiveBlock& block, std::span<const std::uint64_t> words) const {
        constexpr std::uint64_t header_bytes = 3 * word_size;
        return scan_.heuristics.stdstring && words.size() >= 3 &&
               words[1] == block.size - header_bytes - 1 && words[0] <= words[1];
    }

    void note_inner_objects(std::span<const std::uint64_t> words, std::uint64_t start,
                            const LiveBlock& block) {
        for (std::size_t i = 0; i < words.size(); ++i) {
            const std::uint64_t address = start + i * word_size;
            if (address != block.address && vtables_.is_vtable(words[i]))
                part_->add_inner_object(address);
        }
    }

    void note_pointers() {
        for (const PointerFinder::Found& found : finder_.found()) {
            if (found.block == found.source) continue;
            part_->add(found.source - first_,
                       {found.block, saturated(found.offset), saturated(found.place)},
                       scan_.places);
        }
        finder_.clear();
    }

    const BlockScan& scan_;
    PointerGraph& graph_;
    const LiveBlocks& blocks_;
    Window window_;
    PointerFinder finder_;
    Vtables vtables_;
    ScanCounts counts_;
    PointerGraph::Part* part_ = nullptr;
    BlockNumber first_ = 0;
    BlockNumber end_ = 0;
    std::uint8_t traits_ = 0;
    bool all_mapped_ = false;
    bool window_has_holes_ = false;
    bool stopped_ = false;  // no time is left
};

}  // namespace

ScanCounts& ScanCounts::operator+=(const ScanCounts& other) {
    scanned_bytes += other.scanned_bytes;
    unread_bytes += other.unread_bytes;
    parts_left += other.parts_left;
    return *this;
}

ScanCounts scan_blocks(const BlockScan& scan, PointerGraph& graph) {
    std::atomic<std::size_t> next{0};
    std::vector<ScanCounts> counts(std::max(scan.threads, 1u));
    const auto work = [&](ScanCounts& sum) {
        PartScanner scanner(scan, graph);
        for (std::size_t part; (part = next++) < graph.part_count();) {
            if (scan.out_of_time()) {
                ++sum.parts_left;
            } else {
                scanner.scan_part(part);
            }
        }
        sum += scanner.counts();
    };
    std::vector<std::thread> others;
    for (std::size_t i = 1; i < counts.size(); ++i) others.emplace_back(work, std::ref(counts[i]));
    work(counts[0]);
    for (std::thread& other : others) other.join();
    ScanCounts all;
    for (const ScanCounts& one : counts) all += one;
    return all;
}

}  // namespace leakcheck::reach
