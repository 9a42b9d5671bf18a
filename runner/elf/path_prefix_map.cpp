// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/path_prefix_map.hpp"

#include <algorithm>
#include <iterator>

namespace leakcheck::elf {
namespace fs = std::filesystem;
namespace {

// Without a slash at the end, which would be an empty component; "." becomes the empty path.
fs::path prefix(const std::string& text) {
    const fs::path normal = fs::path(text).lexically_normal();
    if (normal == ".") return {};
    return normal.has_filename() || !normal.has_relative_path() ? normal : normal.parent_path();
}

std::ptrdiff_t component_count(const fs::path& path) {
    return std::distance(path.begin(), path.end());
}

bool is_prefix(const fs::path& prefix, const fs::path& path) {
    if (prefix.empty()) return path.is_relative();
    return std::mismatch(prefix.begin(), prefix.end(), path.begin(), path.end()).first ==
           prefix.end();
}

}  // namespace

PathPrefixMap::PathPrefixMap(const std::vector<PathMapping>& mappings) {
    for (auto mapping = mappings.rbegin(); mapping != mappings.rend(); ++mapping) {
        entries_.push_back({prefix(mapping->from), prefix(mapping->to)});
    }
    std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
        return component_count(a.from) > component_count(b.from);
    });
}

fs::path PathPrefixMap::apply(const fs::path& path) const {
    const auto entry = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const Entry& each) { return is_prefix(each.from, path); });
    if (entry == entries_.end()) return path;
    fs::path mapped = entry->to;
    auto rest = std::next(path.begin(), component_count(entry->from));
    for (; rest != path.end(); ++rest) mapped /= *rest;
    return mapped.lexically_normal();
}

}  // namespace leakcheck::elf
