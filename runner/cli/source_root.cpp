// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/source_root.hpp"

#include <fmt/core.h>

#include <system_error>

namespace leakcheck {
namespace {

namespace fs = std::filesystem;

fs::path git_top_level(const fs::path& start) {
    std::error_code ignored;  // a folder that cannot be read holds no .git for us
    for (fs::path folder = start;; folder = folder.parent_path()) {
        if (fs::exists(folder / ".git", ignored)) return folder;
        if (folder == folder.parent_path()) return start;
    }
}

Outcome<fs::path> resolve_given(const fs::path& given, const fs::path& working_directory) {
    std::error_code error;
    const fs::path resolved = fs::canonical(working_directory / given, error);
    if (error) return Problem{fmt::format("--source-root {}: {}", given.string(), error.message())};
    if (!fs::is_directory(resolved, error)) {
        return Problem{fmt::format(
            "--source-root {}: not a folder; give the folder of your sources", given.string())};
    }
    return resolved;
}

}  // namespace

Outcome<fs::path> find_source_root(const std::optional<fs::path>& given,
                                   const fs::path& working_directory) {
    if (given) return resolve_given(*given, working_directory);
    std::error_code error;
    const fs::path start = fs::canonical(working_directory, error);
    if (error) {
        return Problem{fmt::format("working directory {}: {}; change to a folder that exists",
                                   working_directory.string(), error.message())};
    }
    return git_top_level(start);
}

}  // namespace leakcheck
