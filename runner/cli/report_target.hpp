// SPDX-License-Identifier: Apache-2.0
//
// What a report path stands for, and whether it can be written. Uses the credentials of the calling
// thread (see file_credentials.hpp). Private to the report files. Thread safety: free functions
// without state.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <variant>

#include "runner/cli/outcome.hpp"

namespace leakcheck {

// An ordinary file, there or not yet: `directory` exists and has its symlinks resolved.
struct RegularTarget {
    std::filesystem::path directory;
    std::string name;
};

// One of this process's own open descriptors.
struct DescriptorTarget {
    int descriptor = -1;
};

// A device or pipe, to be opened.
struct SpecialTarget {
    std::filesystem::path path;
};

using ReportTarget = std::variant<RegularTarget, DescriptorTarget, SpecialTarget>;

// Problems are without the path: "is a directory; ...".
Outcome<ReportTarget> resolve_target(const std::filesystem::path& path);

// As resolve_target, and checks the permissions.
Outcome<ReportTarget> check_target(const std::filesystem::path& path);

// Whether writing one would spoil the other. /dev/null takes any number of reports.
bool same_target(const ReportTarget& a, const ReportTarget& b);

}  // namespace leakcheck
