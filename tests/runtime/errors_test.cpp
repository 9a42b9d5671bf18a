// SPDX-License-Identifier: Apache-2.0
//
// What cannot work ends before anything runs, with one clear line and the documented status.
#include <sys/stat.h>

#include <fstream>

#include "tests/runtime/harness.hpp"

namespace leakcheck::runtime {
namespace {

namespace fs = std::filesystem;

class ErrorsTest : public RuntimeTest {
  protected:
    void expect_refused(const Strings& arguments, int status, const std::string& words) {
        Strings whole{leakcheck_program()};
        whole.insert(whole.end(), arguments.begin(), arguments.end());
        const Outcome outcome = run(whole, here());
        EXPECT_EQ(outcome.status, status) << outcome.err;
        EXPECT_EQ(outcome.err.rfind("leakcheck: ", 0), 0u) << outcome.err;
        EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
        EXPECT_NE(outcome.err.find(words), std::string::npos) << outcome.err;
        EXPECT_EQ(outcome.out, "");
    }

    std::string file(const std::string& name, const std::string& content, mode_t mode) {
        const fs::path path = directory() / name;
        std::ofstream(path) << content;
        ::chmod(path.c_str(), mode);
        return path.string();
    }
};

TEST_F(ErrorsTest, CommandsThatAreNoneOfTheKind) {
    expect_refused({"--", "no-such-command-anywhere"}, 127, "no-such-command-anywhere");
    expect_refused({"--", "./nor/here"}, 127, "./nor/here");
    expect_refused({"--", directory().string()}, 126, "directory");
    expect_refused({"--", file("text", "hello", 0644)}, 126, "text");
}

TEST_F(ErrorsTest, ProgramsThatCannotBeSeenInto) {
    expect_refused({"--", program("static_program")}, 125, "static");
    expect_refused({"--", program("sanitized_program")}, 125, "anitizer");
    const fs::path privileged = directory() / "privileged";
    fs::copy_file(program("leak_one_block"), privileged);
    ASSERT_EQ(::chown(privileged.c_str(), 65534, 65534), 0);
    ASSERT_EQ(::chmod(privileged.c_str(), 04755), 0);
    expect_refused({"--", privileged.string()}, 125, "setuid");
}

TEST_F(ErrorsTest, ReportPathsThatCannotBeWritten) {
    expect_refused({"--json", "no/such/directory/r.json", "--", "touch", "ran"}, 125,
                   "no/such/directory");
    expect_refused({"--junit", directory().string(), "--", "touch", "ran"}, 125,
                   directory().string());
    expect_refused({"--json", "same", "--sarif", "same", "--", "touch", "ran"}, 125, "same");
    EXPECT_FALSE(fs::exists(directory() / "ran"));
}

TEST_F(ErrorsTest, OptionsThatMakeNoSense) {
    expect_refused({"-s", "0", "--", "true"}, 125, "-s");
    expect_refused({"--max-leaked-bytes", "many", "--", "true"}, 125, "--max-leaked-bytes");
    expect_refused({"--max-leaked-byte", "1", "--", "true"}, 125, "--max-leaked-bytes");
    expect_refused({"--stack-depth", "1000", "--", "true"}, 125, "--stack-depth");
    expect_refused({"--engine", "ring", "--", "true"}, 125, "ring");
    expect_refused({}, 125, "command");
}

TEST_F(ErrorsTest, ACommandThatShedsTheSamplerIsNoPass) {
    const Traced traced = trace({}, {"env", "-i", program("leak_one_block"), "10"});
    EXPECT_EQ(traced.result.at("processes").at("untraced"), 1) << traced.outcome.err;
    EXPECT_NE(traced.outcome.err.find("LD_PRELOAD"), std::string::npos) << traced.outcome.err;
}

}  // namespace
}  // namespace leakcheck::runtime
