// SPDX-License-Identifier: Apache-2.0
//
// File names of debug information as reports show them: absolute and lexically normalised, and
// relative to the source root where inside it. Compilers record what they were given, so a name may
// lead through a symbolic link or be relative to nothing known (-ffile-prefix-map=DIR=.); the file
// system is asked then. Thread safety: none; results are cached. Errors: a name that leads nowhere
// comes back as it is.
#pragma once

#include <filesystem>
#include <string>
#include <unordered_map>

#include "analysis/shared_text.hpp"
#include "runner/elf/path_prefix_map.hpp"

namespace leakcheck::elf {

struct SourcePlace {
    SharedText file;
    bool in_project = false;  // inside the source root, and relative to it
};

class SourcePaths {
  public:
    // `root`: absolute, symlinks resolved; empty when there is none. Names go through `prefixes`
    // before anything else is made of them.
    explicit SourcePaths(const std::filesystem::path& root, PathPrefixMap prefixes = {});

    // `name` as the line table has it; `directory` is the compilation's (DW_AT_comp_dir), or empty.
    const SourcePlace& place(const std::string& name, const std::string& directory);

  private:
    SourcePlace resolve(const std::string& name, const std::string& directory);
    SourcePlace inside_root(const std::filesystem::path& absolute) const;
    const std::filesystem::path& real_directory(const std::filesystem::path& directory);

    std::filesystem::path root_;
    PathPrefixMap prefixes_;
    std::unordered_map<std::string, SourcePlace> places_;
    std::unordered_map<std::string, std::filesystem::path> real_directories_;
};

}  // namespace leakcheck::elf
