// SPDX-License-Identifier: Apache-2.0
//
// Runs the real leakcheck on real programs, with real BPF. Where this machine cannot trace, a test is
// skipped with doctor's own reason; under LEAKCHECK_CI that is a failure.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/temporary_directory.hpp"

namespace leakcheck::runtime {

using test::TemporaryDirectory;
using Strings = std::vector<std::string>;

struct Outcome {
    int status = -1;  // exit status; 128 + N for signal N
    std::string out;
    std::string err;
};

struct Setting {
    std::map<std::string, std::string> environment{};  // on top of ours
    Strings unset{};                                   // taken out of ours
    std::string input{};
    std::filesystem::path directory{};  // to run in; empty: the test's own
};

Outcome run(const Strings& command, const Setting& setting = {});
std::string read_file(const std::filesystem::path& path);
// Fails the test where LEAKCHECK_CI is set, else skips it. Use as: return unavailable("...");
void unavailable(const std::string& reason);

class RuntimeTest : public testing::Test {
  protected:
    void SetUp() override;  // skips where tracing is impossible

    struct Traced {
        Outcome outcome;
        nlohmann::json result;  // null when no result was written
    };

    // leakcheck OPTIONS --json FILE -- COMMAND
    Traced trace(const Strings& options, const Strings& command, const Setting& setting = {});
    Setting here(Setting setting = {}) const;
    const std::filesystem::path& directory() const { return temporary_.path(); }

  private:
    TemporaryDirectory temporary_;
};

std::string leakcheck_program();
// A program of tests/runtime/programs.
std::string program(const std::string& name);

// Sums over `leaks` of a result.
struct Totals {
    std::uint64_t bytes = 0;
    std::uint64_t blocks = 0;
    bool operator==(const Totals&) const = default;
};
Totals leaked(const nlohmann::json& result);
void PrintTo(const Totals& totals, std::ostream* out);

}  // namespace leakcheck::runtime
