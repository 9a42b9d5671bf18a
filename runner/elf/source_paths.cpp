// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/source_paths.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace leakcheck::elf {
namespace fs = std::filesystem;
namespace {

fs::path without_trailing_slash(const fs::path& directory) {
    const fs::path normal = directory.lexically_normal();
    return normal.has_filename() ? normal : normal.parent_path();
}

// libdw joins a name with a relative compilation directory where the name stands in it, and leaves
// names in other relative directories alone.
fs::path joined(const std::string& directory, const std::string& name) {
    const bool already = !directory.empty() && name.starts_with(directory + "/");
    return already ? fs::path(name) : fs::path(directory) / name;
}

}  // namespace

SourcePaths::SourcePaths(const fs::path& root, PathPrefixMap prefixes)
    : root_(root.empty() ? root : without_trailing_slash(root)), prefixes_(std::move(prefixes)) {}

const SourcePlace& SourcePaths::place(const std::string& name, const std::string& directory) {
    std::string key = directory + '\0' + name;
    auto found = places_.find(key);
    if (found == places_.end()) {
        found = places_.emplace(std::move(key), resolve(name, directory)).first;
    }
    return found->second;
}

SourcePlace SourcePaths::resolve(const std::string& name, const std::string& directory) {
    if (name.empty()) return {};
    fs::path path = prefixes_.apply(joined(directory, name).lexically_normal());
    if (!path.is_absolute()) {
        std::error_code error;
        if (root_.empty() || !fs::exists(root_ / path, error)) return {path.string(), false};
        path = (root_ / path).lexically_normal();
    }
    SourcePlace place = inside_root(path);
    if (place.in_project || root_.empty()) return place;
    const SourcePlace real = inside_root(real_directory(path.parent_path()) / path.filename());
    return real.in_project ? real : place;
}

SourcePlace SourcePaths::inside_root(const fs::path& absolute) const {
    if (!root_.empty()) {
        const auto [root_end, rest] =
            std::mismatch(root_.begin(), root_.end(), absolute.begin(), absolute.end());
        if (root_end == root_.end() && rest != absolute.end()) {
            return {absolute.lexically_relative(root_).string(), true};
        }
    }
    return {absolute.string(), false};
}

const fs::path& SourcePaths::real_directory(const fs::path& directory) {
    auto found = real_directories_.find(directory.string());
    if (found == real_directories_.end()) {
        std::error_code error;
        fs::path real = fs::canonical(directory, error);
        found = real_directories_.emplace(directory.string(), error ? directory : real).first;
    }
    return found->second;
}

}  // namespace leakcheck::elf
