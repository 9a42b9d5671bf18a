// SPDX-License-Identifier: Apache-2.0
#include "runner/launch/cpu_time.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>

namespace leakcheck {
namespace {

constexpr const char* stat_line =
    "4711 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 100 20 3 4 20 0 1 0 12345 1 2 3\n";

TEST(CpuTime, AddsOwnAndWaitedForTicks) {
    EXPECT_EQ(cpu_ticks_in_stat(stat_line), 127u);
}

TEST(CpuTime, NamesMayHoldAnything) {
    EXPECT_EQ(cpu_ticks_in_stat("1 (x) 1 2 3 4 5 6 7 8 9 1 1 1 1 1 1) S 1 2 3 4 5 6 7 8 9 10 "
                                "1 0 0 0 20"),
              1u);
}

TEST(CpuTime, WhatIsNoStatIsNothing) {
    EXPECT_EQ(cpu_ticks_in_stat(""), 0u);
    EXPECT_EQ(cpu_ticks_in_stat("no brackets 1 2 3"), 0u);
    EXPECT_EQ(cpu_ticks_in_stat("1 (cut) S 1 2 3 4 5 6 7 8 9 10 100 20"), 0u);
    EXPECT_EQ(cpu_ticks_in_stat("1 (odd) S 1 2 3 4 5 6 7 8 9 10 x y z 1"), 0u);
}

void burn_cpu(long nanoseconds) {
    timespec now{};
    do {
        ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    } while (now.tv_sec == 0 && now.tv_nsec < nanoseconds);
}

// The child says when it has used its time, and then waits to be let go.
TEST(CpuTime, LivingDescendantsAreFound) {
    std::array<int, 2> ready{};
    std::array<int, 2> leave{};
    ASSERT_EQ(::pipe(ready.data()), 0);
    ASSERT_EQ(::pipe(leave.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        char byte = 'x';
        ::close(leave[1]);
        burn_cpu(60'000'000);
        const bool told = ::write(ready[1], &byte, 1) == 1;
        ::_exit(told && ::read(leave[0], &byte, 1) == 0 ? 0 : 1);
    }
    char byte = 0;
    ASSERT_EQ(::read(ready[0], &byte, 1), 1);
    EXPECT_GE(cpu_time_of_tree(child), 40'000'000u) << "two ticks may be missing";
    EXPECT_GE(cpu_time_of_tree(::getpid()), cpu_time_of_tree(child));
    ::close(leave[1]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(cpu_time_of_tree(child), 0u) << "it is gone";
}

}  // namespace
}  // namespace leakcheck
