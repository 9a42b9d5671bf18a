// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/root_scanner.hpp"

#include <algorithm>
#include <limits>
#include <span>

#include "runner/reach/main_arena.hpp"
#include "runner/reach/pointer_finder.hpp"

namespace leakcheck::reach {
namespace {

constexpr std::uint64_t bytes_at_once = 1 << 20;

class RootScanner {
  public:
    RootScanner(const LiveBlockIndex& index, const Memory& memory)
        : memory_(memory), finder_(index), buffer_(bytes_at_once / word_size) {}

    // Whole words, at most as many as the buffer holds.
    void scan(const AddressRange& range) {
        const std::span<std::uint64_t> words = std::span(buffer_).first(range.size() / word_size);
        std::fill(words.begin(), words.end(), 0);
        const std::uint64_t count = memory_.read(range.start, std::as_writable_bytes(words));
        result_.unread_bytes += range.size() - count;
        result_.scanned_bytes += count;
        note_words_about_themselves(words, range.start);
        finder_.add(words, 0, range.start / word_size);
        note_pointers();
    }
    RootScan& result() { return result_; }

  private:
    void note_words_about_themselves(std::span<const std::uint64_t> words, std::uint64_t address) {
        for (const std::uint64_t word : words) {
            if (address - word <= empty_list_distance) [[unlikely]] {
                if (word == address) result_.self_words.push_back(address);
                if (word + empty_list_distance == address) result_.empty_lists.push_back(address);
            }
            address += word_size;
        }
    }

    void note_pointers() {
        constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
        for (const PointerFinder::Found& found : finder_.found()) {
            result_.pointers.push_back(
                {found.place * word_size, found.block,
                 static_cast<std::uint32_t>(std::min<std::uint64_t>(found.offset, most))});
        }
        finder_.clear();
    }

    const Memory& memory_;
    PointerFinder finder_;
    std::vector<std::uint64_t> buffer_;
    RootScan result_;
};

}  // namespace

RootScan scan_roots(const AddressRanges& ranges, const LiveBlockIndex& index, const Memory& memory,
                    const OutOfTime& out_of_time) {
    RootScanner scanner(index, memory);
    for (const AddressRange& range : ranges) {
        const std::uint64_t end = round_down(range.end, word_size);
        for (std::uint64_t place = round_up(range.start, word_size); place < end;) {
            if (out_of_time()) {
                scanner.result().complete = false;
                return std::move(scanner.result());
            }
            const std::uint64_t until = std::min(end, place + bytes_at_once);
            scanner.scan({place, until});
            place = until;
        }
    }
    return std::move(scanner.result());
}

}  // namespace leakcheck::reach
