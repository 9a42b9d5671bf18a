// SPDX-License-Identifier: Apache-2.0
#include "analysis/file_globs.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <span>

namespace leakcheck {
namespace {

using Components = std::vector<std::string>;

// Without empty components and ".", so that "./a//b/" is "a/b".
Components split(std::string_view path) {
    Components components;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        const std::string_view component = path.substr(0, end);
        if (!component.empty() && component != ".") components.emplace_back(component);
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return components;
}

bool matches(std::span<const std::string> glob, std::span<const std::string> path) {
    if (glob.empty()) return true;  // what is left of the path lies in the directory that matched
    if (glob.front() != "**") {
        return !path.empty() && fnmatch(glob.front().c_str(), path.front().c_str(), 0) == 0 &&
               matches(glob.subspan(1), path.subspan(1));
    }
    for (std::size_t skipped = 0; skipped <= path.size(); ++skipped) {
        if (matches(glob.subspan(1), path.subspan(skipped))) return true;
    }
    return false;
}

}  // namespace

FileGlobs::FileGlobs(const std::vector<std::string>& globs) {
    for (const std::string& glob : globs) globs_.push_back(split(glob));
}

bool FileGlobs::match(std::string_view file) const {
    if (globs_.empty() || file.empty()) return false;
    const Components path = split(file);
    return std::any_of(globs_.begin(), globs_.end(),
                       [&](const Components& glob) { return matches(glob, path); });
}

}  // namespace leakcheck
