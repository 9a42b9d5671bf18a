// SPDX-License-Identifier: Apache-2.0
//
// From the paths that compilers recorded to where the sources are, by prefix. A prefix ends where a
// component does: "/build" is none of "/builder/a.cpp". Of several prefixes of a path the longest
// counts; of equal ones the last. Paths and prefixes are compared lexically normalised, so "." is
// the prefix of all relative paths. Thread safety: const after construction. Errors: none.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace leakcheck {

// Both as the user gave them.
struct PathMapping {
    std::string from;
    std::string to;

    bool operator==(const PathMapping&) const = default;
};

namespace elf {

class PathPrefixMap {
  public:
    PathPrefixMap() = default;
    explicit PathPrefixMap(const std::vector<PathMapping>& mappings);

    // `path` is normalised, and so is what comes back; a path without a known prefix as it is.
    std::filesystem::path apply(const std::filesystem::path& path) const;

  private:
    struct Entry {
        std::filesystem::path from;
        std::filesystem::path to;
    };
    std::vector<Entry> entries_;  // those to be tried first come first
};

}  // namespace elf
}  // namespace leakcheck
