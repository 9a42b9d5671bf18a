// SPDX-License-Identifier: Apache-2.0
//
// What the tests of the command line share: a folder of their own, files, a made-up environment.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>

#include "runner/cli/environment.hpp"
#include "runner/cli/identity.hpp"
#include "runner/cli/outcome.hpp"

namespace leakcheck {

inline Environment environment_of(std::map<std::string, std::string> variables) {
    return
        [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            if (found == variables.end()) return std::nullopt;
            return found->second;
        };
}

// The message of an outcome that went wrong; a sentinel where it went well.
template <typename Result>
std::string message_of(const Outcome<Result>& outcome) {
    const auto* problem = std::get_if<Problem>(&outcome);
    return problem == nullptr ? "(no problem)" : problem->message;
}

inline std::string message_of(const std::optional<Problem>& problem) {
    return problem ? problem->message : "(no problem)";
}

inline void write_text(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

inline std::string read_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

// A user without any rights of its own, to act for.
constexpr uid_t nobody = 65534;

inline Identity self() {
    return {geteuid(), getegid(), {}, false, {}};
}
inline Identity as_nobody() {
    return {nobody, nobody, {nobody}, true, {}};
}

// A folder that everybody may write to, gone after the test.
class FolderTest : public testing::Test {
  protected:
    FolderTest() {
        std::string pattern = testing::TempDir() + "leakcheck-cli-XXXXXX";
        if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp " + pattern);
        folder_ = std::filesystem::canonical(pattern);
        std::filesystem::permissions(folder_, std::filesystem::perms::all);
    }
    ~FolderTest() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    std::filesystem::path folder_;
};

#define LEAKCHECK_NEEDS_ROOT() \
    if (geteuid() != 0) GTEST_SKIP() << "needs root, to act for another user"

}  // namespace leakcheck
