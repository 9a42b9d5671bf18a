// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/stopped_process.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "runner/reach/thread_list.hpp"
#include "tests/unit/runner/reach/subject_process.hpp"

namespace leakcheck::reach {
namespace {

using namespace std::chrono_literals;
using test::SubjectProcess;

std::unique_ptr<StoppedProcess> stop(int pid) {
    auto result = StoppedProcess::stop(pid, 10s);
    EXPECT_TRUE(std::holds_alternative<std::unique_ptr<StoppedProcess>>(result));
    return std::move(std::get<std::unique_ptr<StoppedProcess>>(result));
}

StopFailure failure(int pid, std::chrono::milliseconds timeout = 10s) {
    const auto result = StoppedProcess::stop(pid, timeout);
    EXPECT_TRUE(std::holds_alternative<StopFailure>(result));
    return std::get<StopFailure>(result);
}

class WaitingCalls : public testing::TestWithParam<std::string> {};

TEST_P(WaitingCalls, DoNotNotice) {
    SubjectProcess subject(LEAKCHECK_WAITING_SUBJECT, GetParam());
    for (int i = 0; i < 5; ++i) EXPECT_EQ(stop(subject.pid())->threads().size(), 1u);
    if (GetParam() == "read" || GetParam() == "poll") subject.write_byte();
    EXPECT_EQ(subject.wait_for_end(), 0);
}

INSTANTIATE_TEST_SUITE_P(StoppedProcess, WaitingCalls,
                         testing::Values("read", "poll", "nanosleep", "futex"),
                         [](const auto& one) { return one.param; });

TEST(StoppedProcess, SignalsAreNeitherLostNorMade) {
    SubjectProcess subject(LEAKCHECK_WAITING_SUBJECT, "signals");
    { const auto stopped = stop(subject.pid()); }
    {
        // Comes while it stands still.
        const auto stopped = stop(subject.pid());
        ::kill(subject.pid(), SIGUSR1);
    }
    // On its way to a process that is just being stopped: in one of many tries it stops for the signal.
    constexpr int tries = 50;
    int sent = 1;
    for (int i = 0; i < tries; ++i) {
        ::kill(subject.pid(), SIGUSR1);
        const auto stopped = stop(subject.pid());
        ++sent;
    }
    { const auto stopped = stop(subject.pid()); }
    subject.write_byte();
    const int status = subject.wait_for_end();
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_GE(WEXITSTATUS(status), 1);
    EXPECT_LE(WEXITSTATUS(status), sent) << "signals that wait are one";
}

// As in proc(5): 'T' where a signal has stopped it.
char state_of(int pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("State:")) return line[line.find_first_not_of(" \t", 6)];
    return '?';
}

TEST(StoppedProcess, AProcessThatWasStoppedStaysSo) {
    SubjectProcess subject(LEAKCHECK_WAITING_SUBJECT, "read");
    ::kill(subject.pid(), SIGSTOP);
    int status = 0;
    ASSERT_EQ(::waitpid(subject.pid(), &status, WUNTRACED), subject.pid());
    ASSERT_TRUE(WIFSTOPPED(status));
    { const auto stopped = stop(subject.pid()); }
    // It comes back into the stop by itself, as soon as it is scheduled.
    while (state_of(subject.pid()) != 'T') ::sched_yield();
    ::kill(subject.pid(), SIGCONT);
    subject.write_byte();
    EXPECT_EQ(subject.wait_for_end(), 0);
}

TEST(StoppedProcess, AllThreadsOfABusyProcessAreHeld) {
    SubjectProcess subject(LEAKCHECK_BUSY_SUBJECT);
    for (int i = 0; i < 20; ++i) {
        const auto stopped = stop(subject.pid());
        std::size_t living = 0;
        for (const int tid : thread_ids(subject.pid()))
            if (!thread_has_ended(subject.pid(), tid)) ++living;
        EXPECT_EQ(stopped->threads().size(), living);
        for (const ThreadState& thread : stopped->threads()) {
            EXPECT_EQ(tracer_of(subject.pid(), thread.tid) != 0, true);
            EXPECT_NE(thread.stack_pointer, 0u);
            EXPECT_GT(thread.vectors.size(), 64u);
        }
    }
}

TEST(StoppedProcess, WhoIsTracedByAnotherIsLeftAlone) {
    SubjectProcess subject(LEAKCHECK_WAITING_SUBJECT, "read");
    ASSERT_EQ(::ptrace(PTRACE_SEIZE, subject.pid(), 0, 0), 0);
    EXPECT_EQ(failure(subject.pid()), StopFailure::traced_by_another);
    ASSERT_EQ(::ptrace(PTRACE_INTERRUPT, subject.pid(), 0, 0), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(subject.pid(), &status, 0), subject.pid());
    ASSERT_EQ(::ptrace(PTRACE_DETACH, subject.pid(), 0, 0), 0);
    subject.write_byte();
    EXPECT_EQ(subject.wait_for_end(), 0);
}

TEST(StoppedProcess, WhoHasEndedIsGone) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    siginfo_t info{};
    ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT), 0);
    EXPECT_EQ(failure(child), StopFailure::gone) << "not waited for yet";
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child) << "its end is still told to its parent";
    EXPECT_EQ(failure(child), StopFailure::gone);
}

// The parent of a vfork child sleeps until the child has ended.
TEST(StoppedProcess, WhoCannotBeStoppedIsGivenUp) {
    SubjectProcess subject(LEAKCHECK_WAITING_SUBJECT, "vfork");
    EXPECT_EQ(failure(subject.pid(), 50ms), StopFailure::does_not_stop);
    subject.write_byte();
    EXPECT_EQ(subject.wait_for_end(), 0) << "it was let go all the same";
}

TEST(StoppedProcess, AProcessCanBeKilledMeanwhile) {
    SubjectProcess subject(LEAKCHECK_WAITING_SUBJECT, "read");
    {
        const auto stopped = stop(subject.pid());
        ::kill(subject.pid(), SIGKILL);
    }
    const int status = subject.wait_for_end();
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), SIGKILL);
}

}  // namespace
}  // namespace leakcheck::reach
