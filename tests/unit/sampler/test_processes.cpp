// SPDX-License-Identifier: Apache-2.0
//
// Hello, fork, vfork, exec.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <set>
#include <string>
#include <thread>

#include "tests/unit/sampler/recorder.hpp"

namespace leakcheck::test {
namespace {

class Processes : public testing::Test {
  protected:
    void SetUp() override {
        if (!can_record()) GTEST_SKIP() << "ptrace is not permitted here";
    }
    Recording run(std::vector<std::string> arguments) {
        return record(TracedLibrary(config_, Sites::traps), {std::move(arguments), {}, on_event_});
    }

    leakcheck_config config_ = tracing_config();
    std::function<void(const Event&)> on_event_;
};

TEST_F(Processes, HelloComesFirstAndOnce) {
    const Recording recording = run({LEAKCHECK_C_SCENARIOS, "basic"});
    ASSERT_FALSE(recording.events.empty());
    EXPECT_EQ(recording.events.front().site, "hello");
    EXPECT_EQ(recording.events.front().arguments[0],
              static_cast<std::uint64_t>(LEAKCHECK_ABI_VERSION));
    EXPECT_NE(recording.events.front().arguments[1], 0u);
    EXPECT_EQ(recording.of_site("hello").size(), 1u);
}

TEST_F(Processes, EachImageSaysHelloWithItsOwnToken) {
    const std::string program = LEAKCHECK_C_SCENARIOS;
    const Recording recording =
        run({"/bin/sh", "-c", "\"$0\" basic; \"$0\" basic; exec \"$0\" basic", program});
    std::set<std::uint64_t> tokens;
    std::set<pid_t> processes;
    for (const Event& hello : recording.of_site("hello")) {
        tokens.insert(hello.arguments[1]);
        processes.insert(hello.process);
    }
    EXPECT_EQ(tokens.size(), 4u);
    EXPECT_EQ(processes.size(), 3u);
}

TEST_F(Processes, AForkedChildKeepsSerialsApartAndDoesNotSayHello) {
    const Recording recording = run({LEAKCHECK_C_SCENARIOS, "fork_child"});
    EXPECT_EQ(recording.exit_status(), 0);
    EXPECT_EQ(recording.of_site("hello").size(), 1u);
    std::uint64_t inherited = 0;
    std::vector<std::uint64_t> freed_by_child;
    for (const Event& event : recording.events) {
        if (event.site == "alloc" && event.arguments[1] == 100) inherited = event.arguments[3];
        if (event.site == "free" && event.process != recording.main)
            freed_by_child.push_back(event.arguments[1]);
    }
    ASSERT_EQ(freed_by_child.size(), 2u);
    EXPECT_EQ(freed_by_child[0], inherited);
    EXPECT_GT(freed_by_child[1], inherited);
}

TEST_F(Processes, ForksInAThreadedProgramNeverHang) {
    EXPECT_EQ(run({LEAKCHECK_C_SCENARIOS, "fork_with_threads"}).exit_status(), 0);
}

TEST_F(Processes, AVforkChildTakesNoCensus) {
    const Recording recording = run({LEAKCHECK_C_SCENARIOS, "vfork_exec"});
    EXPECT_EQ(recording.exit_status(), 0);
    EXPECT_LE(recording.of_site("census_end").size(), 1u);
    for (const Event& event : recording.of_site("census_end")) EXPECT_EQ(event.arguments[0], 1u);
}

TEST_F(Processes, ALibraryOpenedOutOfSightFindsItsOwnOperators) {
    const Recording recording = run({LEAKCHECK_PLUGIN_HOST, LEAKCHECK_PLUGIN});
    EXPECT_EQ(recording.exit_status(), 0);
    std::vector<std::string> sizes;
    for (const std::string& line : transcript(recording)) {
        if (line.starts_with("alloc")) sizes.push_back(line.substr(line.rfind(' ') + 1));
    }
    EXPECT_EQ(sizes, (std::vector<std::string>{"61", "62", "63"}));
}

// ---- The handshake
// --------------------------------------------------------------------------------------

class Handshake : public Processes {
  protected:
    void SetUp() override {
        Processes::SetUp();
        path_ = directory_.path() / "control";
        std::strcpy(config_.control_path, path_.c_str());
    }
    void TearDown() override {
        if (control_ != nullptr) munmap(control_, sizeof *control_);
        if (descriptor_ >= 0) close(descriptor_);
    }
    void make_control(std::uint64_t magic = LEAKCHECK_CONTROL_MAGIC) {
        descriptor_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        ASSERT_EQ(ftruncate(descriptor_, sizeof *control_), 0);
        void* const memory =
            mmap(nullptr, sizeof *control_, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_, 0);
        control_ = static_cast<leakcheck_control*>(memory);
        control_->magic = magic;
        control_->version = LEAKCHECK_ABI_VERSION;
    }
    void attend() {
        struct flock lock {};
        lock.l_type = F_WRLCK;
        lock.l_whence = SEEK_SET;
        lock.l_len = 1;
        ASSERT_EQ(fcntl(descriptor_, F_OFD_SETLK, &lock), 0);
    }
    void answer(std::uint64_t token) {
        __atomic_store_n(&control_->acks[token % LEAKCHECK_CONTROL_SLOTS], token, __ATOMIC_RELEASE);
    }

    TemporaryDirectory directory_;
    std::filesystem::path path_;
    int descriptor_ = -1;
    leakcheck_control* control_ = nullptr;
};

bool is_sleeping_in_nanosleep(pid_t thread) {
    std::string number;
    std::ifstream("/proc/" + std::to_string(thread) + "/syscall") >> number;
    return number == "35";
}

TEST_F(Handshake, WaitsUntilItIsAnswered) {
    make_control();
    attend();
    bool answered = false;
    bool allocated_before = false;
    std::thread runner;
    on_event_ = [&](const Event& event) {
        if (event.site == "alloc")
            allocated_before |= !__atomic_load_n(&answered, __ATOMIC_ACQUIRE);
        if (event.site != "hello") return;
        runner = std::thread([&, thread = event.thread, token = event.arguments[1]] {
            while (!is_sleeping_in_nanosleep(thread)) std::this_thread::yield();
            __atomic_store_n(&answered, true, __ATOMIC_RELEASE);
            answer(token);
        });
    };
    const Recording recording = run({LEAKCHECK_C_SCENARIOS, "basic"});
    ASSERT_TRUE(runner.joinable());
    runner.join();
    EXPECT_EQ(recording.exit_status(), 0);
    EXPECT_FALSE(allocated_before);
    EXPECT_GE(recording.of_site("alloc").size(), 10u);
}

TEST_F(Handshake, StopsWaitingWhenTheRunnerGoesAway) {
    make_control();
    attend();
    std::thread runner;
    on_event_ = [&](const Event& event) {
        if (event.site != "hello") return;
        runner = std::thread([&, thread = event.thread] {
            while (!is_sleeping_in_nanosleep(thread)) std::this_thread::yield();
            struct flock lock {};
            lock.l_type = F_UNLCK;
            lock.l_whence = SEEK_SET;
            lock.l_len = 1;
            fcntl(descriptor_, F_OFD_SETLK, &lock);
        });
    };
    EXPECT_EQ(run({LEAKCHECK_C_SCENARIOS, "basic"}).exit_status(), 0);
    runner.join();
}

TEST_F(Handshake, GoesOnWhenNobodyEverAnswers) {
    make_control();
    attend();
    const Recording recording = run({LEAKCHECK_C_SCENARIOS, "basic"});
    EXPECT_EQ(recording.exit_status(), 0);
    EXPECT_GE(recording.of_site("alloc").size(), 10u);
}

struct UselessControl : Handshake {
    void expect_no_sleep() {
        bool slept = false;
        on_event_ = [&](const Event& event) { slept |= is_sleeping_in_nanosleep(event.thread); };
        EXPECT_EQ(run({LEAKCHECK_C_SCENARIOS, "basic"}).exit_status(), 0);
        EXPECT_FALSE(slept);
    }
};

TEST_F(UselessControl, Missing) {
    expect_no_sleep();
}
TEST_F(UselessControl, Unattended) {
    make_control();
    expect_no_sleep();
}
TEST_F(UselessControl, OfAnotherMagic) {
    make_control(1);
    attend();
    expect_no_sleep();
}
TEST_F(UselessControl, CutShort) {
    make_control();
    attend();
    ASSERT_EQ(ftruncate(descriptor_, 100), 0);
    expect_no_sleep();
}

}  // namespace
}  // namespace leakcheck::test
