// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/report_files.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

#include "runner/cli/file_credentials.hpp"
#include "runner/cli/report_target.hpp"
#include "runner/cli/sanitizer_log.hpp"
#include "runner/unique_fd.hpp"

namespace leakcheck {
namespace {

namespace fs = std::filesystem;

constexpr mode_t file_mode = 0666;  // less the umask
constexpr int most_temporary_names = 1000;

Problem problem_with(const ReportFile& file, const std::string& text) {
    return {fmt::format("{} {}: {}", file.option, file.path.string(), text)};
}

std::string failure(const char* what, int error) {
    return fmt::format("{}: {}", what, std::strerror(error));
}

// An inherited pipe may be non-blocking: its reader decides, not leakcheck.
bool wait_for_room(int descriptor, int error) {
    if (error != EAGAIN) return false;
    pollfd wanted{descriptor, POLLOUT, 0};
    return poll(&wanted, 1, -1) > 0;
}

std::optional<std::string> write_all(int descriptor, std::string_view content) {
    while (!content.empty()) {
        const ssize_t written = ::write(descriptor, content.data(), content.size());
        if (written < 0 && (errno == EINTR || wait_for_room(descriptor, errno))) continue;
        if (written < 0) return failure("cannot be written", errno);
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return std::nullopt;
}

// A new file beside the target, removed again unless it took the target's place.
class TemporaryFile {
  public:
    explicit TemporaryFile(const fs::path& directory)
        : directory_(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
        error_ = errno;
        for (int attempt = 0; attempt < most_temporary_names && directory_ && !file_; ++attempt) {
            name_ = fmt::format(".leakcheck-{}-{}.tmp", getpid(), attempt);
            file_ =
                UniqueFd(openat(directory_.get(), name_.c_str(),
                                O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, file_mode));
            error_ = errno;
            if (!file_ && error_ != EEXIST) return;
        }
        exists_ = static_cast<bool>(file_);
    }
    ~TemporaryFile() {
        if (exists_) unlinkat(directory_.get(), name_.c_str(), 0);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    std::optional<std::string> fill(std::string_view content) {
        if (!file_) return failure("no file can be made in its directory", error_);
        if (auto error = write_all(file_.get(), content)) return error;
        // Network file systems report a failed write here.
        if (::close(file_.release()) != 0) return failure("cannot be written", errno);
        return std::nullopt;
    }

    std::optional<std::string> rename_to(const std::string& name) {
        if (renameat(directory_.get(), name_.c_str(), directory_.get(), name.c_str()) != 0) {
            return failure("cannot be replaced", errno);
        }
        exists_ = false;
        return std::nullopt;
    }

  private:
    UniqueFd directory_;
    UniqueFd file_;
    std::string name_;
    int error_ = 0;  // why there is no file
    bool exists_ = false;
};

std::optional<std::string> write_target(const RegularTarget& target, std::string_view content) {
    TemporaryFile file(target.directory);
    if (auto error = file.fill(content)) return error;
    return file.rename_to(target.name);
}

std::optional<std::string> write_target(const DescriptorTarget& target, std::string_view content) {
    return write_all(target.descriptor, content);
}

std::optional<std::string> write_target(const SpecialTarget& target, std::string_view content) {
    const UniqueFd file(::open(target.path.c_str(), O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC));
    if (!file) return failure("cannot be opened", errno);
    return write_all(file.get(), content);
}

std::optional<Problem> make_directory(const fs::path& directory) {
    std::error_code error;
    fs::create_directories(directory, error);
    if (!error) return std::nullopt;
    return Problem{fmt::format("--report-dir {}: cannot be made: {}; choose another directory",
                               directory.string(), error.message())};
}

using CheckedFile = std::pair<const ReportFile*, ReportTarget>;

std::optional<Problem> check_file(const ReportFile& file, std::vector<CheckedFile>& checked) {
    const auto target = check_target(file.path);
    if (const auto* problem = std::get_if<Problem>(&target))
        return problem_with(file, problem->message);
    for (const auto& [other, other_target] : checked) {
        if (!same_target(std::get<ReportTarget>(target), other_target)) continue;
        return problem_with(
            file, fmt::format("is the file that {} writes, too; give each its own", other->option));
    }
    checked.emplace_back(&file, std::get<ReportTarget>(target));
    return std::nullopt;
}

}  // namespace

std::vector<ReportFile> report_files(const ReportPaths& paths) {
    std::vector<ReportFile> files;
    const auto add = [&files](const char* option, const std::optional<fs::path>& path) {
        if (path) files.push_back({option, *path});
    };
    add("--json", paths.json);
    add("--junit", paths.junit);
    add("--sarif", paths.sarif);
    add("--valgrind", paths.valgrind);
    add(sanitizer_log_option, paths.leak_sanitizer);
    add("--record", paths.record);
    add("--confirm-log", paths.confirm_log);
    return files;
}

std::optional<Problem> prepare_report_files(const std::vector<ReportFile>& files,
                                            const std::optional<fs::path>& directory,
                                            const Identity& identity) {
    const FileCredentials credentials(identity);
    if (credentials.problem()) return credentials.problem();
    if (directory) {
        if (auto problem = make_directory(*directory)) return problem;
    }
    std::vector<CheckedFile> checked;
    for (const ReportFile& file : files) {
        if (auto problem = check_file(file, checked)) return problem;
    }
    return std::nullopt;
}

std::optional<Problem> write_report_file(const ReportFile& file, std::string_view content,
                                         const Identity& identity) {
    const FileCredentials credentials(identity);
    if (credentials.problem()) return credentials.problem();
    const auto target = resolve_target(file.path);
    if (const auto* problem = std::get_if<Problem>(&target))
        return problem_with(file, problem->message);
    const auto error =
        std::visit([content](const auto& kind) { return write_target(kind, content); },
                   std::get<ReportTarget>(target));
    if (error) return problem_with(file, *error);
    return std::nullopt;
}

}  // namespace leakcheck
