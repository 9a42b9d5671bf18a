// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/mapped_objects.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <string>
#include <utility>

namespace leakcheck {
namespace {

std::optional<MappedObject> identify(const std::filesystem::path& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
    MappedObject object;
    object.id.device = info.st_dev;
    object.id.inode = info.st_ino;
    object.id.size = static_cast<std::uint64_t>(info.st_size);
    object.id.modified_ns = info.st_mtim.tv_sec * 1'000'000'000 + info.st_mtim.tv_nsec;
    object.path = path;
    return object;
}

// The kernel's own link to the file is right always, but needs CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE. Inode
// numbers are not compared: overlay file systems show others in the maps than stat(2) does.
std::optional<MappedObject> find_mapped_object(int pid, const ProcessMap& map) {
    if (map.inode == 0) return std::nullopt;
    const std::array<std::string, 3> names{
        fmt::format("/proc/{}/map_files/{:x}-{:x}", pid, map.start, map.end),
        fmt::format("/proc/{}/root{}", pid, map.path), map.path};
    for (const std::string& name : names)
        if (auto object = identify(name)) return object;
    return std::nullopt;
}

}  // namespace

std::vector<MappedCode> read_mapped_code(int pid) {
    std::vector<MappedCode> code;
    for (ProcessMap& map : read_process_maps(pid)) {
        auto object = find_mapped_object(pid, map);
        code.push_back({std::move(map), std::move(object)});
    }
    return code;
}

}  // namespace leakcheck
