// SPDX-License-Identifier: Apache-2.0
//
// Processes whose end is disturbed, or that cannot be looked at: they go on as they would without leakcheck, nothing
// hangs, and what is not known is said.
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/process.hpp>
#include <chrono>
#include <fstream>
#include <set>
#include <thread>

#include "runner/unique_fd.hpp"
#include "tests/runtime/harness.hpp"
#include "tests/runtime/programs/kinds/cases.hpp"

namespace leakcheck::runtime {
namespace {

namespace bp = boost::process;
namespace fs = std::filesystem;
using kinds::operator""_case;

constexpr int status = 5;  // of awkward_ends.cpp

std::set<std::string> kinds_of(const nlohmann::json& result, std::uint64_t size) {
    std::set<std::string> kinds;
    for (const auto& leak : result.at("leaks")) {
        const auto blocks = leak.at("blocks").at("observed").get<std::uint64_t>();
        if (leak.at("bytes").at("observed").get<std::uint64_t>() == blocks * size)
            kinds.insert(leak.at("kind").get<std::string>());
    }
    return kinds;
}

using Names = std::set<std::string>;

class AwkwardEndsTest : public RuntimeTest {
  protected:
    void expect_kinds(const nlohmann::json& result, const Names& leaked, const Names& held) {
        ASSERT_FALSE(result.is_null());
        EXPECT_EQ(kinds_of(result, "LeakedAlone"_case), leaked);
        EXPECT_EQ(kinds_of(result, "HeldAlone"_case), held);
    }
    void expect_unclassified(const nlohmann::json& result) {
        expect_kinds(result, {"unclassified"}, {"unclassified"});
    }
};

// glibc before 2.41 lets one of them end the process while another still is at its handlers, and waits: then
// nothing is known.
TEST_F(AwkwardEndsTest, SeveralThreadsCallExit) {
    const Traced traced = trace({}, {program("awkward_ends"), "all-exit"});
    EXPECT_EQ(traced.outcome.status, status);
    ASSERT_FALSE(traced.result.is_null());
    const Names leaked = kinds_of(traced.result, "LeakedAlone"_case);
    const Names held = kinds_of(traced.result, "HeldAlone"_case);
    EXPECT_TRUE(leaked == Names{"definite"} || leaked == Names{"unclassified"});
    EXPECT_TRUE(held == Names{"reachable"} || held == Names{"unclassified"});
}

// What the threads have in their hands is not leaked, whenever the process is stopped.
TEST_F(AwkwardEndsTest, ThreadsAllocateUntilTheVeryEnd) {
    constexpr int runs = 20;
    for (int i = 0; i < runs; ++i) {
        const Traced traced = trace({}, {program("awkward_ends"), "busy"});
        EXPECT_EQ(traced.outcome.status, status);
        expect_kinds(traced.result, {"definite"}, {"reachable"});
        const Names in_lists = kinds_of(traced.result, "HeldList"_case);
        EXPECT_FALSE(in_lists.contains("definite") || in_lists.contains("indirect"));
        const Names behind_moved = kinds_of(traced.result, "HeldTree"_case);
        EXPECT_TRUE(behind_moved.empty() || behind_moved == Names{"reachable"})
            << testing::PrintToString(behind_moved);
    }
}

TEST_F(AwkwardEndsTest, TracedByStrace) {
    if (run({"sh", "-c", "command -v strace"}).status != 0)
        return unavailable("strace is not installed");
    const Traced traced = trace({}, {"strace", "-f", "-o", (directory() / "calls").string(),
                                     program("awkward_ends"), "plain"});
    EXPECT_EQ(traced.outcome.status, status);
    expect_unclassified(traced.result);
    EXPECT_NE(traced.result.at("warnings").dump().find("traced by another program"),
              std::string::npos)
        << traced.result.at("warnings");
}

TEST_F(AwkwardEndsTest, TracedByGdb) {
    if (run({"sh", "-c", "command -v gdb"}).status != 0) return unavailable("gdb is not installed");
    const Traced traced = trace({}, {"gdb", "-nx", "-batch", "-return-child-result", "-ex", "run",
                                     "--args", program("awkward_ends"), "plain"});
    EXPECT_EQ(traced.outcome.status, status);
    expect_unclassified(traced.result);
}

// ---- Between the end of the program and the look at it

template <typename Condition>
void wait_until(const std::string& what, Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!condition()) {
        ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "waited for: " << what;
        std::this_thread::yield();
    }
}

std::string proc_file(int pid, const std::string& name) {
    return read_file("/proc/" + std::to_string(pid) + "/" + name);
}
bool is_in_state(int pid, char state) {
    return proc_file(pid, "stat").find(std::string(") ") + state) != std::string::npos;
}

// The runner is stopped, so that the process waits for it for as long as the test wants.
class WaitingProcessTest : public AwkwardEndsTest {
  protected:
    void SetUp() override {
        AwkwardEndsTest::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        const fs::path told = directory() / "told";
        const fs::path awaited = directory() / "awaited";
        ASSERT_EQ(::mkfifo(told.c_str(), 0600), 0);
        ASSERT_EQ(::mkfifo(awaited.c_str(), 0600), 0);
        runner_ = bp::child(leakcheck_program(), "--no-github", "--quiet", "--json",
                            result_path().string(), "--", program("awkward_ends"), "ask",
                            told.string(), awaited.string(), bp::std_err > bp::null);
        std::ifstream out(told);
        std::ofstream in(awaited);
        ASSERT_TRUE(out >> pid_);
        handle_ = UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
        ASSERT_TRUE(handle_);
        signal_runner(SIGSTOP);
        wait_until("the runner to stop", [&] { return is_in_state(runner_.id(), 'T'); });
        in << 'x' << std::flush;
        const std::string sleeping = std::to_string(SYS_nanosleep) + " ";
        wait_until("the process to wait",
                   [&] { return proc_file(pid_, "syscall").starts_with(sleeping); });
    }

    // Nobody is left behind by a test that has failed.
    void TearDown() override {
        if (handle_) ::syscall(SYS_pidfd_send_signal, handle_.get(), SIGKILL, nullptr, 0);
        if (runner_.valid() && runner_.running()) runner_.terminate();
    }

    void signal_process(int signal) {
        ASSERT_EQ(::syscall(SYS_pidfd_send_signal, handle_.get(), signal, nullptr, 0), 0);
    }
    void signal_runner(int signal) { ASSERT_EQ(::kill(runner_.id(), signal), 0); }
    int runners_status() {
        signal_runner(SIGCONT);
        runner_.wait();
        return runner_.exit_code();
    }
    bool process_ends() {
        constexpr int timeout_ms = 30'000;
        pollfd file{handle_.get(), POLLIN, 0};
        return ::poll(&file, 1, timeout_ms) == 1;
    }
    nlohmann::json result() const { return nlohmann::json::parse(read_file(result_path())); }
    int pid() const { return pid_; }

  private:
    fs::path result_path() const { return directory() / "waiting.json"; }

    bp::child runner_;
    int pid_ = 0;
    UniqueFd handle_;
};

TEST_F(WaitingProcessTest, EndsAsItWould) {
    EXPECT_EQ(runners_status(), status);
    expect_kinds(result(), {"definite"}, {"reachable"});
}

TEST_F(WaitingProcessTest, GoesOnWhenTheRunnerIsKilled) {
    signal_runner(SIGKILL);
    EXPECT_TRUE(process_ends());
}

TEST_F(WaitingProcessTest, IsKilled) {
    signal_process(SIGKILL);
    EXPECT_TRUE(process_ends());
    EXPECT_EQ(runners_status(), 128 + SIGKILL);
    expect_unclassified(result());
}

TEST_F(WaitingProcessTest, IsStoppedAndContinued) {
    signal_process(SIGSTOP);
    wait_until("the process to stop", [&] { return is_in_state(pid(), 'T'); });
    signal_runner(SIGCONT);
    signal_process(SIGCONT);
    EXPECT_EQ(runners_status(), status);
    expect_kinds(result(), {"definite"}, {"reachable"});
}

}  // namespace
}  // namespace leakcheck::runtime
