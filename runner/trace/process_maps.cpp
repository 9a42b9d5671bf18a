// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/process_maps.hpp"

#include <array>
#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <optional>

namespace leakcheck {
namespace {

std::optional<ProcessMap> parse_line(const std::string& line) {
    ProcessMap map;
    std::array<char, 5> permissions{};
    unsigned device_major = 0;
    unsigned device_minor = 0;
    int path_at = 0;
    const int fields =
        std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %x:%x %" SCNu64 " %n",
                    &map.start, &map.end, permissions.data(), &map.file_offset, &device_major,
                    &device_minor, &map.inode, &path_at);
    if (fields != 7) return std::nullopt;
    map.readable = permissions[0] == 'r';
    map.writable = permissions[1] == 'w';
    map.executable = permissions[2] == 'x';
    map.shared = permissions[3] == 's';
    map.device = static_cast<std::uint64_t>(device_major) << 32 | device_minor;
    if (path_at > 0 && static_cast<std::size_t>(path_at) < line.size())
        map.path = line.substr(static_cast<std::size_t>(path_at));
    return map;
}

}  // namespace

std::vector<ProcessMap> parse_process_maps(std::istream& maps, MapsWanted wanted) {
    std::vector<ProcessMap> result;
    for (std::string line; std::getline(maps, line);) {
        auto map = parse_line(line);
        if (map && (map->executable || wanted == MapsWanted::all))
            result.push_back(std::move(*map));
    }
    return result;
}

std::vector<ProcessMap> read_process_maps(int pid, MapsWanted wanted) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/maps");
    return parse_process_maps(file, wanted);
}

}  // namespace leakcheck
