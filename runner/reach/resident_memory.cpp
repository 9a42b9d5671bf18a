// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/resident_memory.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "runner/reach/live_block.hpp"
#include "runner/reach/memory_kinds.hpp"

namespace leakcheck::reach {
namespace {

// From the kernel's <linux/fs.h>, whose installed copy may be older than the running kernel.
struct PageRegion {
    std::uint64_t start;
    std::uint64_t end;
    std::uint64_t categories;
};
struct ScanArguments {
    std::uint64_t size;
    std::uint64_t flags;
    std::uint64_t start;
    std::uint64_t end;
    std::uint64_t walk_end;
    std::uint64_t regions;
    std::uint64_t region_count;
    std::uint64_t max_pages;
    std::uint64_t category_inverted;
    std::uint64_t category_mask;
    std::uint64_t category_any_of;
    std::uint64_t return_mask;
};
static_assert(sizeof(ScanArguments) == 96);
constexpr unsigned long scan_request = _IOWR('f', 16, ScanArguments);
constexpr std::uint64_t is_file = 1 << 2;
constexpr std::uint64_t is_present = 1 << 3;
constexpr std::uint64_t is_swapped = 1 << 4;
constexpr std::uint64_t is_zero_page = 1 << 5;

// The same in a word of the pagemap file.
constexpr std::uint64_t word_present = std::uint64_t{1} << 63;
constexpr std::uint64_t word_swapped = std::uint64_t{1} << 62;
constexpr std::uint64_t word_file = std::uint64_t{1} << 61;

// A page of a shared mapping is the file's by nature.
std::uint64_t unwanted(const ProcessMap& map) {
    return is_zero_page | (map.shared ? 0 : is_file);
}

bool can_scan(int pagemap) {
    ScanArguments arguments{};
    arguments.size = sizeof(arguments);
    arguments.return_mask = is_present;
    return ::ioctl(pagemap, scan_request, &arguments) == 0;
}

AddressRanges scan(int pagemap, const ProcessMap& map) {
    AddressRanges result;
    std::array<PageRegion, 1024> regions{};
    ScanArguments arguments{};
    arguments.size = sizeof(arguments);
    arguments.start = map.start;
    arguments.end = map.end;
    arguments.regions = reinterpret_cast<std::uint64_t>(regions.data());
    arguments.region_count = regions.size();
    arguments.category_inverted = unwanted(map);
    arguments.category_mask = unwanted(map);
    arguments.category_any_of = is_present | is_swapped;
    arguments.return_mask = is_present | is_swapped;
    while (arguments.start < map.end) {
        const int count = ::ioctl(pagemap, scan_request, &arguments);
        if (count < 0) break;
        for (int i = 0; i < count; ++i) {
            result.push_back({regions[static_cast<std::size_t>(i)].start,
                              regions[static_cast<std::size_t>(i)].end});
        }
        if (arguments.walk_end <= arguments.start) break;
        arguments.start = arguments.walk_end;
    }
    return normalized(std::move(result));
}

bool is_written(std::uint64_t word, const ProcessMap& map) {
    return (word & (word_present | word_swapped)) != 0 && (map.shared || (word & word_file) == 0);
}

AddressRanges read_words(int pagemap, const ProcessMap& map) {
    AddressRanges result;
    std::vector<std::uint64_t> words(1 << 14);
    for (std::uint64_t page = map.start; page < map.end;) {
        const std::uint64_t wanted =
            std::min<std::uint64_t>(words.size(), (map.end - page) / page_size);
        const ssize_t bytes = ::pread(pagemap, words.data(), wanted * sizeof(std::uint64_t),
                                      static_cast<off_t>(page / page_size * 8));
        if (bytes < 8) break;
        for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(bytes) / 8; ++i, page += page_size)
            if (is_written(words[i], map)) result.push_back({page, page + page_size});
    }
    return normalized(std::move(result));
}

UniqueFd open_mapped_file(int pid, const ProcessMap& map) {
    std::array<char, 96> path{};
    std::snprintf(path.data(), path.size(), "/proc/%d/map_files/%" PRIx64 "-%" PRIx64, pid,
                  map.start, map.end);
    return UniqueFd(::open(path.data(), O_RDONLY | O_CLOEXEC));
}

// Where a file in memory has data, as addresses of the mapping. Nothing if that cannot be asked.
std::optional<AddressRanges> shared_data(int pid, const ProcessMap& map) {
    const UniqueFd file = open_mapped_file(pid, map);
    if (!file) return std::nullopt;
    AddressRanges result;
    const std::uint64_t file_end = map.file_offset + (map.end - map.start);
    for (std::uint64_t place = map.file_offset; place < file_end;) {
        const off_t data = ::lseek(file.get(), static_cast<off_t>(place), SEEK_DATA);
        if (data < 0 || static_cast<std::uint64_t>(data) >= file_end) break;
        const off_t hole = ::lseek(file.get(), data, SEEK_HOLE);
        if (hole <= data) break;
        place = std::min(static_cast<std::uint64_t>(hole), file_end);
        result.push_back({map.start + (round_down(static_cast<std::uint64_t>(data), page_size) -
                                       map.file_offset),
                          map.start + (place - map.file_offset)});
    }
    return normalized(std::move(result));
}

}  // namespace

ResidentMemory::ResidentMemory(int pid, Method method)
    : pid_(pid),
      pagemap_(
          ::open(("/proc/" + std::to_string(pid) + "/pagemap").c_str(), O_RDONLY | O_CLOEXEC)) {
    scans_ = method == Method::best && pagemap_ && can_scan(pagemap_.get());
}

AddressRanges ResidentMemory::written(const ProcessMap& map) const {
    if (is_shared_memory(map))
        if (auto data = shared_data(pid_, map)) return std::move(*data);
    return scans_ ? scan(pagemap_.get(), map) : read_words(pagemap_.get(), map);
}

}  // namespace leakcheck::reach
