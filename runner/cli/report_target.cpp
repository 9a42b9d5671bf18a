// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/report_target.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <optional>
#include <string_view>

#include "runner/cli/file_credentials.hpp"
#include "runner/cli/values.hpp"

namespace leakcheck {
namespace {

namespace fs = std::filesystem;

constexpr int most_links = 40;  // as the kernel's own limit, MAXSYMLINKS

std::string reason(int error) {
    return std::strerror(error);
}

std::optional<int> descriptor_of(const std::string& path) {
    if (path == "/dev/stdout") return STDOUT_FILENO;
    if (path == "/dev/stderr") return STDERR_FILENO;
    for (const std::string_view prefix : {"/dev/fd/", "/proc/self/fd/"}) {
        if (!path.starts_with(prefix)) continue;
        const auto number = parse_number(std::string_view(path).substr(prefix.size()));
        if (number && *number <= INT_MAX) return static_cast<int>(*number);
    }
    return std::nullopt;
}

Outcome<ReportTarget> descriptor_target(int descriptor) {
    const int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0) return Problem{"is not open; redirect it, or name a file"};
    if ((flags & O_ACCMODE) == O_RDONLY) return Problem{"is open for reading only; name a file"};
    return DescriptorTarget{descriptor};
}

// The kernel's fs.protected_symlinks, which does not see links that are read rather than followed:
// in a sticky directory that all may write, a link counts only if its owner or the directory's made
// it.
bool may_follow(const struct stat& link, const struct stat& directory) {
    const bool shared = (directory.st_mode & S_ISVTX) != 0 && (directory.st_mode & S_IWOTH) != 0;
    if (!shared || link.st_uid == directory.st_uid) return true;
    return link.st_uid == file_uid();
}

fs::path parent_of(const fs::path& path) {
    return path.has_parent_path() ? path.parent_path() : ".";
}

// The path behind `path` if that is a symlink, nullopt if it is none (or is not there).
Outcome<std::optional<fs::path>> follow_link(const fs::path& path) {
    struct stat link {};
    struct stat directory {};
    if (lstat(path.c_str(), &link) != 0 || !S_ISLNK(link.st_mode)) return std::nullopt;
    if (stat(parent_of(path).c_str(), &directory) != 0) return Problem{reason(errno)};
    if (!may_follow(link, directory)) {
        return Problem{
            "is another user's symbolic link in a shared directory; remove it or choose another "
            "name"};
    }
    std::error_code error;
    const fs::path target = fs::read_symlink(path, error);
    if (error) return Problem{error.message()};
    return parent_of(path) / target;
}

Outcome<ReportTarget> in_directory(const fs::path& path) {
    if (!path.has_filename()) return Problem{"names a directory; give a file name"};
    std::error_code error;
    const fs::path directory = fs::canonical(parent_of(path), error);
    if (error) {
        return Problem{fmt::format("directory {}: {}; create it first", parent_of(path).string(),
                                   error.message())};
    }
    return RegularTarget{directory, path.filename().string()};
}

Outcome<ReportTarget> regular_target(fs::path path) {
    for (int links = 0; links < most_links; ++links) {
        auto next = follow_link(path);
        if (const auto* problem = std::get_if<Problem>(&next)) return *problem;
        auto& target = std::get<std::optional<fs::path>>(next);
        if (!target) return in_directory(path);
        if (const auto descriptor = descriptor_of(target->string())) {
            return descriptor_target(*descriptor);
        }
        path = std::move(*target);
    }
    return Problem{reason(ELOOP)};
}

bool may_access(const fs::path& path, int mode) {
    return faccessat(AT_FDCWD, path.c_str(), mode, AT_EACCESS) == 0;
}

// In a sticky directory only the owner of the file or of the directory may replace a file.
bool is_protected_by_sticky_bit(const struct stat& file, const fs::path& path) {
    struct stat directory {};
    if (stat(path.c_str(), &directory) != 0 || (directory.st_mode & S_ISVTX) == 0) return false;
    const uid_t user = file_uid();
    return user != 0 && user != file.st_uid && user != directory.st_uid;
}

std::optional<Problem> check_regular(const RegularTarget& target) {
    if (!may_access(target.directory, W_OK | X_OK)) {
        return Problem{
            fmt::format("directory {} cannot be written: {}; choose one that user {} may write to",
                        target.directory.string(), reason(errno), file_uid())};
    }
    const fs::path path = target.directory / target.name;
    struct stat file {};
    if (lstat(path.c_str(), &file) != 0) return std::nullopt;
    if (!may_access(path, W_OK)) {
        return Problem{fmt::format(
            "exists and cannot be written: {}; remove it or choose another name", reason(errno))};
    }
    if (is_protected_by_sticky_bit(file, target.directory)) {
        return Problem{
            "is another user's file in a shared directory; remove it or choose another name"};
    }
    return std::nullopt;
}

std::optional<Problem> check_permissions(const ReportTarget& target) {
    if (const auto* regular = std::get_if<RegularTarget>(&target)) return check_regular(*regular);
    if (const auto* special = std::get_if<SpecialTarget>(&target)) {
        if (may_access(special->path, W_OK)) return std::nullopt;
        return Problem{fmt::format("cannot be written: {}; name a file", reason(errno))};
    }
    return std::nullopt;
}

std::optional<struct stat> status_of(const ReportTarget& target) {
    struct stat status {};
    int failed = 0;
    if (const auto* regular = std::get_if<RegularTarget>(&target)) {
        failed = stat((regular->directory / regular->name).c_str(), &status);
    } else if (const auto* special = std::get_if<SpecialTarget>(&target)) {
        failed = stat(special->path.c_str(), &status);
    } else {
        failed = fstat(std::get<DescriptorTarget>(target).descriptor, &status);
    }
    if (failed != 0) return std::nullopt;
    return status;
}

bool is_null_device(const struct stat& status) {
    return S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3);
}

bool same_path(const ReportTarget& a, const ReportTarget& b) {
    const auto* first = std::get_if<RegularTarget>(&a);
    const auto* second = std::get_if<RegularTarget>(&b);
    if (first == nullptr || second == nullptr) return false;
    return first->directory == second->directory && first->name == second->name;
}

}  // namespace

Outcome<ReportTarget> resolve_target(const fs::path& path) {
    if (const auto descriptor = descriptor_of(path.string())) return descriptor_target(*descriptor);
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) {
        if (errno != ENOENT) return Problem{reason(errno)};
        return regular_target(path);
    }
    if (S_ISREG(status.st_mode)) return regular_target(path);
    if (S_ISDIR(status.st_mode)) return Problem{"is a directory; give a file name"};
    if (S_ISSOCK(status.st_mode)) return Problem{"is a socket; give a file name"};
    return SpecialTarget{path};
}

Outcome<ReportTarget> check_target(const fs::path& path) {
    auto target = resolve_target(path);
    const auto* resolved = std::get_if<ReportTarget>(&target);
    if (resolved == nullptr) return target;
    if (auto problem = check_permissions(*resolved)) return *problem;
    return target;
}

bool same_target(const ReportTarget& a, const ReportTarget& b) {
    if (same_path(a, b)) return true;
    const auto first = status_of(a);
    const auto second = status_of(b);
    if (!first || !second || is_null_device(*first)) return false;
    return first->st_dev == second->st_dev && first->st_ino == second->st_ino;
}

}  // namespace leakcheck
