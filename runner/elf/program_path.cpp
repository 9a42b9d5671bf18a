// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/program_path.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>
#include <vector>

#include "runner/elf/privileges.hpp"

namespace leakcheck::elf {
namespace {

ProgramCheck refused(ProgramProblem problem, const std::filesystem::path& path,
                     std::string message) {
    ProgramCheck check;
    check.problem = problem;
    check.path = path;
    check.message = std::move(message);
    return check;
}

ProgramCheck not_found(const std::string& command, const std::string& where) {
    return refused(
        ProgramProblem::not_found, command,
        fmt::format("command '{}' not found {}; check its name and path", command, where));
}

// The elements of PATH; an empty one is the working directory.
std::vector<std::string> elements(const std::string& search_path) {
    std::vector<std::string> parts{""};
    for (const char c : search_path) {
        if (c == ':') {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    return parts;
}

ProgramCheck missing(const std::filesystem::path& file, int error) {
    if (error == ENOENT || error == ENOTDIR) {
        return refused(ProgramProblem::not_found, file,
                       fmt::format("'{}' does not exist; check its name and path", file.string()));
    }
    return refused(
        ProgramProblem::not_executable, file,
        fmt::format("cannot run '{}': {}; check the permissions of the folders that lead to it",
                    file.string(), std::generic_category().message(error)));
}

}  // namespace

ProgramCheck check_executable(const std::filesystem::path& file,
                              const std::optional<ProgramUser>& user) {
    struct stat status {};
    if (stat(file.c_str(), &status) != 0) return missing(file, errno);
    if (S_ISDIR(status.st_mode)) {
        return refused(ProgramProblem::not_executable, file,
                       fmt::format("'{}' is a directory; name the program in it", file.string()));
    }
    if (!S_ISREG(status.st_mode)) {
        return refused(ProgramProblem::not_executable, file,
                       fmt::format("'{}' is not a regular file; name a program", file.string()));
    }
    if (!has_access(file, Access::execute, user)) {
        return refused(
            ProgramProblem::not_executable, file,
            fmt::format("no permission to execute '{}'; set its execute bit (chmod +x), and "
                        "check that its file system is not mounted noexec",
                        file.string()));
    }
    ProgramCheck check;
    check.path = file;
    return check;
}

ProgramCheck resolve_program(const std::string& command, const std::string& search_path,
                             const std::optional<ProgramUser>& user) {
    if (command.empty()) return not_found(command, "(it is empty)");
    if (command.find('/') != std::string::npos) return check_executable(command, user);
    std::optional<ProgramCheck>
        forbidden;  // execvp goes on, and reports this if nothing better comes
    for (const std::string& directory : elements(search_path)) {
        ProgramCheck check = check_executable(std::filesystem::path(directory) / command, user);
        if (check.problem == ProgramProblem::none) return check;
        if (check.problem == ProgramProblem::not_executable && !forbidden)
            forbidden = std::move(check);
    }
    return forbidden ? *forbidden : not_found(command, "in PATH");
}

}  // namespace leakcheck::elf
