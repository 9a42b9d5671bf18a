// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/gtest_xml.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string_view>
#include <system_error>

#include "runner/cli/file_credentials.hpp"
#include "runner/cli/gtest_output.hpp"
#include "runner/unique_fd.hpp"

namespace leakcheck {
namespace {

namespace fs = std::filesystem;
using Place = GtestXmlPlan::Place;

// Far above any real result; a program under test cannot make leakcheck read without end.
constexpr std::size_t most_bytes = std::size_t{256} << 20;

constexpr std::string_view likely_reasons =
    "the program crashed or ended before the last test, or does not use GoogleTest";

std::int64_t nanoseconds(const timespec& time) {
    return time.tv_sec * std::int64_t{1000000000} + time.tv_nsec;
}

std::optional<FileStamp> stamp_of(const fs::path& path) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) return std::nullopt;
    return FileStamp{status.st_dev, status.st_ino, status.st_size, nanoseconds(status.st_mtim),
                     nanoseconds(status.st_ctim)};
}

bool is_regular(int descriptor) {
    struct stat status {};
    return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

// Non-blocking, so that a pipe of that name cannot hold leakcheck up.
std::optional<std::string> read_regular(const fs::path& path) {
    const UniqueFd file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!file || !is_regular(file.get())) return std::nullopt;
    std::string text;
    std::array<char, 65536> buffer{};
    while (text.size() <= most_bytes) {
        const ssize_t got = read(file.get(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return std::nullopt;
        if (got == 0) return text;
        text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return std::nullopt;
}

// GoogleTest writes the whole file at the end of an iteration; its last line closes the root
// element.
bool is_complete(const std::string& text) {
    const std::size_t end = text.find_last_not_of(" \t\r\n");
    if (end == std::string::npos) return false;
    return std::string_view(text).substr(0, end + 1).ends_with("</testsuites>");
}

std::vector<fs::path> files_in(const fs::path& directory) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
         entry.increment(error)) {
        files.push_back(entry->path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::vector<fs::path> named_for_program(const GtestXmlPlan& plan) {
    std::vector<fs::path> files = files_in(plan.path);
    std::erase_if(files, [&plan](const fs::path& file) {
        return !is_gtest_file_name(file.filename().string(), plan.program);
    });
    return files;
}

void remember(GtestXmlPlan& plan, const std::vector<fs::path>& files) {
    for (const fs::path& file : files) {
        if (const auto stamp = stamp_of(file)) plan.before.emplace(file, *stamp);
    }
}

bool is_from_before(const GtestXmlPlan& plan, const fs::path& file) {
    const auto known = plan.before.find(file);
    return known != plan.before.end() && stamp_of(file) == known->second;
}

void plan_chosen(GtestXmlPlan& plan, const GtestOutput& chosen) {
    if (chosen.format != GtestFormat::xml) {
        plan.note = chosen.format == GtestFormat::json
                        ? "GoogleTest was told to write JSON, and it writes one format only"
                        : "GoogleTest was told to write no XML";
        return;
    }
    plan.path = chosen.path;
    plan.place = chosen.is_directory ? Place::shared_directory : Place::file;
    remember(plan,
             chosen.is_directory ? named_for_program(plan) : std::vector<fs::path>{plan.path});
}

std::variant<GtestXml, NoGtestXml> take_file(const fs::path& path) {
    auto text = read_regular(path);
    const std::string name = path.string();
    const auto none = [&name](const char* what) {
        return NoGtestXml{fmt::format("{} {}: {}", name, what, likely_reasons)};
    };
    if (!text) return none("is not there or cannot be read");
    if (!is_complete(*text)) return none("is incomplete");
    return GtestXml{std::move(*text), {path}, {}};
}

std::variant<GtestXml, NoGtestXml> take_chosen_file(const GtestXmlPlan& plan) {
    if (!is_from_before(plan, plan.path)) return take_file(plan.path);
    return NoGtestXml{
        fmt::format("{} is from before the run: {}", plan.path.string(), likely_reasons)};
}

// Two new files mean two programs of one name at the same time, and nothing in them says whose is
// whose.
std::variant<GtestXml, NoGtestXml> take_from_shared(const GtestXmlPlan& plan) {
    std::vector<fs::path> files = named_for_program(plan);
    std::erase_if(files, [&plan](const fs::path& file) { return is_from_before(plan, file); });
    if (files.size() == 1) return take_file(files.front());
    if (files.empty()) {
        return NoGtestXml{fmt::format("no new {}.xml in {}: {}", plan.program, plan.path.string(),
                                      likely_reasons)};
    }
    return NoGtestXml{
        fmt::format("{} new files for {} in {}, and no telling which is of this run; give each run "
                    "its own --gtest_output",
                    files.size(), plan.program, plan.path.string())};
}

std::variant<GtestXml, NoGtestXml> take_from_private(const GtestXmlPlan& plan) {
    std::vector<std::pair<fs::path, std::string>> complete;
    std::vector<std::string> notes;
    for (const fs::path& file : files_in(plan.path)) {
        auto text = read_regular(file);
        if (text && is_complete(*text)) {
            complete.emplace_back(file, std::move(*text));
        } else {
            notes.push_back(fmt::format("{} is incomplete and left out", file.filename().string()));
        }
    }
    if (complete.empty())
        return NoGtestXml{fmt::format("GoogleTest wrote no XML: {}", likely_reasons)};
    GtestXml result =
        complete.size() == 1
            ? GtestXml{std::move(complete.front().second), {complete.front().first}, {}}
            : join_gtest_xml(complete);
    result.notes.insert(result.notes.end(), notes.begin(), notes.end());
    return result;
}

}  // namespace

GtestXmlPlan plan_gtest_xml(const GtestXmlRequest& request, const Identity& identity) {
    GtestXmlPlan plan;
    const FileCredentials credentials(identity);
    if (credentials.problem()) {
        plan.note = credentials.problem()->message;
        return plan;
    }
    if (!request.command.empty())
        plan.program = fs::path(request.command.front()).filename().string();
    const auto chosen = chosen_gtest_output(request.command, request.environment,
                                            request.working_directory, read_regular);
    if (chosen) {
        plan_chosen(plan, *chosen);
        return plan;
    }
    plan.place = Place::private_directory;
    plan.path = request.private_directory;
    plan.environment = {"GTEST_OUTPUT=xml:" + plan.path.string() + "/"};
    return plan;
}

std::variant<GtestXml, NoGtestXml> collect_gtest_xml(const GtestXmlPlan& plan,
                                                     const Identity& identity) {
    const FileCredentials credentials(identity);
    if (credentials.problem()) return NoGtestXml{credentials.problem()->message};
    switch (plan.place) {
        case Place::file:
            return take_chosen_file(plan);
        case Place::shared_directory:
            return take_from_shared(plan);
        case Place::private_directory:
            return take_from_private(plan);
        case Place::none:
            break;
    }
    return NoGtestXml{plan.note};
}

}  // namespace leakcheck
