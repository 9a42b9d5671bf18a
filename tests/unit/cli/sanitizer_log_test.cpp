// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/sanitizer_log.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace leakcheck {
namespace {

std::optional<std::string> log_of(const std::optional<std::string>& options) {
    const auto path = sanitizer_log(
        [&options](const std::string& name) {
            return name == "LSAN_OPTIONS" ? options : std::optional<std::string>();
        },
        77);
    return path ? std::optional(path->string()) : std::nullopt;
}

TEST(SanitizerLog, IsWhereCTestLooksForIt) {
    EXPECT_EQ(log_of("log_path='/b/Testing/Temporary/MemoryChecker.1.log'"),
              "/b/Testing/Temporary/MemoryChecker.1.log.77");
    EXPECT_EQ(log_of("log_path='/b/M.1.log':suppressions=/s:exitcode=0"), "/b/M.1.log.77");
}

TEST(SanitizerLog, ReadsTheSyntaxOfTheSanitizers) {
    EXPECT_EQ(log_of("verbosity=1,log_path=a"), "a.77");
    EXPECT_EQ(log_of("verbosity=1  \tlog_path=\"a:b c\" x=y"), "a:b c.77");
    EXPECT_EQ(log_of("log_path=a:log_path=b"), "b.77");
    EXPECT_EQ(log_of("my_log_path=a"), std::nullopt);
    EXPECT_EQ(log_of("x='log_path=a'"), std::nullopt);
    EXPECT_EQ(log_of("log_path='open"), "open.77");
}

TEST(SanitizerLog, IsNoneWhereNoFileIsNamed) {
    EXPECT_EQ(log_of(std::nullopt), std::nullopt);
    for (const char* options : {"", ":", "log_path", "log_path=", "log_path=''", "=",
                                "log_path=stderr", "log_path=a:log_path=stdout"})
        EXPECT_EQ(log_of(options), std::nullopt) << options;
}

}  // namespace
}  // namespace leakcheck
