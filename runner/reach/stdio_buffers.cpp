// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/stdio_buffers.hpp"

#include <cstddef>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <utility>

namespace leakcheck::reach {
namespace {

constexpr std::uint32_t magic_bits = 0xffff0000;  // of a stream's first word
constexpr std::uint32_t magic = 0xfbad0000;
constexpr std::uint64_t buffer_offset = 56;         // _IO_buf_base
constexpr std::uint64_t buffer_end_offset = 64;     // _IO_buf_end
constexpr std::uint64_t next_offset = 104;          // _chain
constexpr std::size_t most_streams = 1 << 20;       // as many descriptors as Linux gives
constexpr std::uint64_t most_data_bytes = 1 << 20;  // a C library has a few pages

bool is_c_library_data(const ProcessMap& map) {
    const std::string name = std::filesystem::path(map.path).filename().string();
    return map.writable && (name.starts_with("libc.so") || name.starts_with("libc-")) &&
           map.end - map.start <= most_data_bytes;
}

bool has_magic(std::uint64_t word) {
    return (static_cast<std::uint32_t>(word) & magic_bits) == magic;
}

class StreamFinder {
  public:
    StreamFinder(const LiveBlockIndex& blocks, const Memory& memory)
        : blocks_(blocks), memory_(memory) {}

    // The library's own three streams are in its data; the list may begin with one that fopen has made.
    void look_through(const ProcessMap& map) {
        std::vector<std::uint64_t> words((map.end - map.start) / word_size);
        memory_.read(map.start, std::as_writable_bytes(std::span(words)));
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (has_magic(words[i])) follow(map.start + i * word_size);
            const auto hit = blocks_.find(words[i]);
            if (hit && hit->offset == 0) follow(words[i]);
        }
    }

    AddressRanges take_buffers() { return normalized(std::move(buffers_)); }

  private:
    void follow(std::uint64_t stream) {
        while (seen_.size() < most_streams && seen_.insert(stream).second) {
            const auto flags = memory_.word_at(stream);
            if (!flags || !has_magic(*flags)) return;
            const auto start = memory_.word_at(stream + buffer_offset);
            const auto end = memory_.word_at(stream + buffer_end_offset);
            if (start && end && *start < *end) buffers_.push_back({*start, *end});
            const auto next = memory_.word_at(stream + next_offset);
            if (!next || *next == 0) return;
            stream = *next;
        }
    }

    const LiveBlockIndex& blocks_;
    const Memory& memory_;
    std::set<std::uint64_t> seen_;
    AddressRanges buffers_;
};

}  // namespace

AddressRanges stdio_buffers(const std::vector<ProcessMap>& maps, const LiveBlockIndex& blocks,
                            const Memory& memory) {
    StreamFinder finder(blocks, memory);
    for (const ProcessMap& map : maps)
        if (is_c_library_data(map)) finder.look_through(map);
    return finder.take_buffers();
}

}  // namespace leakcheck::reach
