// SPDX-License-Identifier: Apache-2.0
//
// The command runs as if leakcheck were not there, and leakcheck ends as documented.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/process.hpp>
#include <chrono>
#include <fstream>
#include <thread>

#include "tests/runtime/harness.hpp"

namespace leakcheck::runtime {
namespace {

namespace bp = boost::process;
namespace fs = std::filesystem;

class LaunchTest : public RuntimeTest {
  protected:
    // The same shell script, plain and under leakcheck, must say the same.
    void expect_same_output(const std::string& script, Setting setting = {}) {
        setting = here(setting);
        const Outcome plain = run({"sh", "-c", script}, setting);
        const Outcome traced =
            run({leakcheck_program(), "--no-github", "--quiet", "--", "sh", "-c", script}, setting);
        EXPECT_EQ(plain.out, traced.out);
        EXPECT_EQ(plain.status, traced.status);
        EXPECT_EQ(traced.err.rfind(plain.err, 0), 0u)
            << "standard error began otherwise: " << traced.err;
    }
};

TEST_F(LaunchTest, OutputIsByteForByteTheSame) {
    expect_same_output(R"(printf 'a\0b\377\n'; printf 'no line feed' >&2; cat)",
                       {.input = std::string("in\0put\xff", 7)});
}

TEST_F(LaunchTest, StatusIsTheCommandsOwn) {
    for (const int status : {0, 1, 7, 125, 255})
        expect_same_output("exit " + std::to_string(status));
}

TEST_F(LaunchTest, ListingTestsTracesNothing) {
    const Setting no_temporary_directory{.environment = {{"TMPDIR", "/nowhere"}}};
    const Outcome outcome = run({leakcheck_program(), "--json", "result.json", "--",
                                 program("suite"), "--gtest_list_tests"},
                                here(no_temporary_directory));
    const Outcome plain = run({program("suite"), "--gtest_list_tests"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.out, plain.out);
    EXPECT_EQ(outcome.err, "");
    EXPECT_FALSE(fs::exists(directory() / "result.json"));
    EXPECT_EQ(run({leakcheck_program(), "--", "./absent", "--gtest_list_tests"}).status, 127);
}

TEST_F(LaunchTest, ASignalIs128PlusItsNumber) {
    for (const int signal : {SIGABRT, SIGSEGV, SIGKILL, SIGTERM}) {
        const Traced traced = trace({}, {"sh", "-c", "kill -" + std::to_string(signal) + " $$"});
        EXPECT_EQ(traced.outcome.status, 128 + signal) << traced.outcome.err;
        ASSERT_FALSE(traced.result.is_null());
        EXPECT_EQ(traced.result.at("exit_code"), 128 + signal);
    }
}

TEST_F(LaunchTest, AFailingCommandKeepsItsStatusThoughItLeaks) {
    const Traced traced =
        trace({"--max-leaked-blocks", "0"}, {program("leak_one_block"), "10", "3"});
    EXPECT_EQ(traced.outcome.status, 3);
    EXPECT_EQ(traced.result.at("verdict").at("status"), "fail");
}

TEST_F(LaunchTest, OverBudgetEndsWithTheErrorStatus) {
    const Strings command{program("leak_one_block"), "10"};
    EXPECT_EQ(trace({"--max-leaked-blocks", "0"}, command).outcome.status, 23);
    EXPECT_EQ(trace({"--max-leaked-blocks", "0", "--error-exitcode", "42"}, command).outcome.status,
              42);
    EXPECT_EQ(trace({"--max-leaked-blocks", "0", "--exit-zero"}, command).outcome.status, 0);
    EXPECT_EQ(trace({"--max-leaked-blocks", "1"}, command).outcome.status, 0);
    EXPECT_EQ(trace({"--max-leaked-bytes", "9"}, command).outcome.status, 23);
    EXPECT_EQ(trace({"--max-leaked-bytes", "10"}, command).outcome.status, 0);
}

TEST_F(LaunchTest, EnvironmentChangesOnlyWhereNeeded) {
    const Outcome plain = run({"env", "-0"}, here());
    const Traced traced = trace({}, {"env", "-0"}, {.environment = {{"LEAKCHECK_TEST", "a b\nc"}}});
    std::string without = traced.outcome.out;
    const auto cut = [&](const std::string& prefix) {
        const std::size_t start = without.find(prefix);
        ASSERT_NE(start, std::string::npos) << prefix;
        without.erase(start, without.find('\0', start) + 1 - start);
    };
    cut("LEAKCHECK_TEST=a b\nc");
    cut("LD_PRELOAD=");
    EXPECT_EQ(without, plain.out);
}

TEST_F(LaunchTest, AnExistingPreloadStaysBehindTheSampler) {
    const Traced traced =
        trace({}, {"sh", "-c", "echo $LD_PRELOAD"}, {.environment = {{"LD_PRELOAD", "libm.so.6"}}});
    const std::string& out = traced.outcome.out;
    EXPECT_NE(out.find("libleakcheck_sampler.so:libm.so.6\n"), std::string::npos) << out;
}

TEST_F(LaunchTest, DescriptorsGroupsAndDirectoryAreInherited) {
    std::ofstream(directory() / "three") << "third\n";
    const std::string inside =
        "cat <&3; pwd; ulimit -n; umask; ls -l /proc/self/fd | grep -c ' -> '";
    const Outcome plain = run({"sh", "-c", "exec 3<three; sh -c '" + inside + "'"}, here());
    const Outcome traced = run(
        {"sh", "-c", "exec 3<three; " + leakcheck_program() + " --quiet -- sh -c '" + inside + "'"},
        here());
    EXPECT_EQ(plain.out, traced.out);
}

TEST_F(LaunchTest, ItStaysInTheProcessGroup) {
    const Outcome traced =
        run({"sh", "-c",
             "ps -o pgid= -p $$; " + leakcheck_program() + " --quiet -- sh -c 'ps -o pgid= -p $$'"},
            here());
    const std::size_t half = traced.out.size() / 2;
    EXPECT_EQ(traced.out.substr(0, half), traced.out.substr(half));
}

TEST_F(LaunchTest, SignalDispositionsAndMaskAreInherited) {
    expect_same_output("grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status");
    expect_same_output("trap '' HUP INT; grep -E '^Sig(Blk|Ign)' /proc/self/status");
}

// Starts leakcheck on a script that says "ready", then waits; calls act(pid of leakcheck).
template <typename Act>
Outcome interrupted(const fs::path& directory, const std::string& script, const Act& act) {
    const fs::path out = directory / "out";
    const fs::path result = directory / "result.json";
    fs::remove(out);
    fs::remove(result);
    bp::child child(
        leakcheck_program(),
        bp::args({"--no-github", "--quiet", "--json", result.string(), "--", "sh", "-c", script}),
        bp::std_out > out.string(), bp::std_err > (directory / "err").string());
    while (read_file(out).find("ready\n") == std::string::npos && child.running())
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    act(child.id());
    child.wait();
    const int native = child.native_exit_code();
    return {WIFSIGNALED(native) ? 128 + WTERMSIG(native) : WEXITSTATUS(native), read_file(out),
            read_file(directory / "err")};
}

TEST_F(LaunchTest, SignalsAreForwardedAndReportsWritten) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
        const Outcome outcome = interrupted(directory(), "echo ready; exec sleep 1000",
                                            [&](pid_t pid) { ::kill(pid, signal); });
        EXPECT_EQ(outcome.status, 128 + signal) << outcome.err;
        const auto result = nlohmann::json::parse(read_file(directory() / "result.json"));
        EXPECT_EQ(result.at("exit_code"), 128 + signal);
    }
}

TEST_F(LaunchTest, ACommandThatHandlesASignalDecidesItself) {
    const Outcome outcome = interrupted(
        directory(), "trap 'echo handled; exit 5' TERM; echo ready; while :; do sleep 0.05; done",
        [](pid_t pid) { ::kill(pid, SIGTERM); });
    EXPECT_EQ(outcome.status, 5);
    EXPECT_NE(outcome.out.find("handled\n"), std::string::npos);
}

TEST_F(LaunchTest, KilledItLeavesTheCommandAlone) {
    const fs::path done = directory() / "done";
    const std::string script = "echo ready; while [ ! -e " + (directory() / "go").string() +
                               " ]; do sleep 0.05; done; ls / > /dev/null && echo fine > " +
                               done.string();
    interrupted(directory(), script, [](pid_t pid) { ::kill(pid, SIGKILL); });
    trace({}, {"true"});  // tidies up after dead runs, but not what is in use
    std::ofstream(directory() / "go") << "";
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (read_file(done) != "fine\n" && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_EQ(read_file(done), "fine\n");
    EXPECT_EQ(read_file(directory() / "err"), "");
}

TEST_F(LaunchTest, WhatARunLeavesInTheTemporaryDirectoryIsRemoved) {
    const fs::path temporary = directory() / "tmp";
    fs::create_directory(temporary);
    const Setting setting{.environment = {{"TMPDIR", temporary.string()}}};
    trace({}, {"true"}, setting);
    EXPECT_TRUE(fs::is_empty(temporary));
}

}  // namespace
}  // namespace leakcheck::runtime
