// SPDX-License-Identifier: Apache-2.0
//
// Real processes, which say themselves what is to be found in them.
#include "runner/reach/reachability.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include <algorithm>
#include <ostream>
#include <sstream>
#include <string>
#include <thread>

#include "analysis/leak_kinds.hpp"
#include "runner/reach/thread_list.hpp"
#include "tests/unit/runner/reach/subject_process.hpp"

namespace leakcheck {

void PrintTo(LeakKind kind, std::ostream* out) {
    *out << leak_kind_name(kind);
}

namespace reach {
namespace {

using namespace std::chrono_literals;
using test::SubjectProcess;

BlockNumber number_of(const Reachability& result, std::uint64_t address) {
    const auto found =
        std::find_if(result.blocks.begin(), result.blocks.end(),
                     [&](const LiveBlock& block) { return block.address == address; });
    EXPECT_NE(found, result.blocks.end());
    return static_cast<BlockNumber>(found - result.blocks.begin());
}

Reachability classify_subject(const SubjectProcess& subject, ReachabilityOptions options = {}) {
    options.most_with_places = most_blocks;
    return classify(
        subject.target(), [&] { return subject.blocks(); }, options);
}

// What leads to the block, for who has to find out why it is not what it should be.
std::string holders(const Reachability& result, BlockNumber block) {
    std::ostringstream text;
    text << "held by";
    for (int i = 0; i < 10 && !result.marks.reached_from.empty(); ++i) {
        const ReachedFrom& from = result.marks.reached_from[block];
        text << std::hex << " 0x" << from.where;
        if (from.block == ReachedFrom::no_block) break;
        text << " of the block of " << std::dec << result.blocks[from.block].size << " bytes, by";
        block = from.block;
    }
    return text.str();
}

void expect_all(const SubjectProcess& subject, const Reachability& result) {
    EXPECT_EQ(result.failure, std::nullopt);
    EXPECT_FALSE(subject.expectations().empty());
    for (const test::Expectation& expectation : subject.expectations())
        EXPECT_EQ(result.marks.kinds[number_of(result, expectation.address)], expectation.kind)
            << expectation.name << ", " << holders(result, number_of(result, expectation.address));
}

TEST(Reachability, OfWhatDataHolds) {
    SubjectProcess subject(LEAKCHECK_DATA_SUBJECT);
    const Reachability result = classify_subject(subject);
    expect_all(subject, result);
    EXPECT_EQ(result.counts.unread_block_bytes, 0u);
    EXPECT_LT(result.counts.root_bytes, 64u << 20) << "the sparse reservation is not read";
    EXPECT_EQ(subject.wait_for_end(), 0);
}

// It has what its parent had, and of shared memory no page mapped yet.
TEST(Reachability, OfAForkedChild) {
    SubjectProcess subject(LEAKCHECK_DATA_SUBJECT, "fork");
    ASSERT_NE(subject.target(), subject.pid());
    expect_all(subject, classify_subject(subject));
    EXPECT_EQ(subject.wait_for_end(), 0);
}

// /proc/PID of a first thread that has ended has no memory to show.
TEST(Reachability, OfAProcessWhoseFirstThreadHasEnded) {
    SubjectProcess subject(LEAKCHECK_DATA_SUBJECT, "first thread ends");
    while (!thread_has_ended(subject.pid(), subject.pid())) std::this_thread::yield();
    expect_all(subject, classify_subject(subject));
    EXPECT_EQ(subject.wait_for_end(), 0);
}

TEST(Reachability, OfWhatThreadsHold) {
    SubjectProcess subject(LEAKCHECK_THREAD_SUBJECT);
    expect_all(subject, classify_subject(subject));
    EXPECT_EQ(subject.wait_for_end(), 0);
}

TEST(Reachability, CanBeAskedAgainAndAgain) {
    SubjectProcess subject(LEAKCHECK_DATA_SUBJECT);
    for (int i = 0; i < 3; ++i) expect_all(subject, classify_subject(subject));
}

TEST(Reachability, LinksLeadToARoot) {
    SubjectProcess subject(LEAKCHECK_DATA_SUBJECT);
    const Reachability result = classify_subject(subject);
    expect_all(subject, result);
    for (BlockNumber block = 0; block < result.blocks.size(); ++block) {
        if (result.marks.kinds[block] != LeakKind::reachable) continue;
        BlockNumber holder = block;
        for (std::size_t steps = 0;
             result.marks.reached_from[holder].block != ReachedFrom::no_block; ++steps) {
            ASSERT_LT(steps, result.blocks.size());
            holder = result.marks.reached_from[holder].block;
            ASSERT_EQ(result.marks.kinds[holder], LeakKind::reachable);
        }
    }
}

TEST(Reachability, WhatIsIgnoredIsNoRoot) {
    SubjectProcess subject(LEAKCHECK_DATA_SUBJECT);
    ReachabilityOptions options;
    options.ignored_paths = {LEAKCHECK_DATA_SUBJECT};
    const Reachability result = classify_subject(subject, options);
    for (const test::Expectation& expectation : subject.expectations()) {
        if (expectation.name != "data" && expectation.name != "bss") continue;
        EXPECT_EQ(result.marks.kinds[number_of(result, expectation.address)], LeakKind::definite)
            << expectation.name;
    }
}

TEST(Reachability, OfABusyProcess) {
    SubjectProcess subject(LEAKCHECK_BUSY_SUBJECT);
    for (int i = 0; i < 10; ++i) expect_all(subject, classify_subject(subject));
    EXPECT_EQ(subject.wait_for_end(), 0);
}

void expect_unclassified(const SubjectProcess& subject, const Reachability& result) {
    ASSERT_EQ(result.marks.kinds.size(), subject.blocks().size());
    for (const LeakKind kind : result.marks.kinds) EXPECT_EQ(kind, LeakKind::unclassified);
}

TEST(Reachability, OfAProcessThatIsStoppedAgainUntilNothingMoves) {
    const SubjectProcess subject(LEAKCHECK_DATA_SUBJECT);
    int asked = 0;
    ReachabilityOptions options;
    options.is_in_motion = [&asked] { return ++asked < 4; };
    expect_all(subject, classify_subject(subject, options));
    EXPECT_EQ(asked, 4);
}

TEST(Reachability, OfAProcessInWhichSomethingAlwaysMoves) {
    const SubjectProcess subject(LEAKCHECK_DATA_SUBJECT);
    ReachabilityOptions options;
    options.is_in_motion = [] { return true; };
    expect_all(subject, classify_subject(subject, options));
}

TEST(Reachability, OfAProcessThatDiesMeanwhile) {
    SubjectProcess subject(LEAKCHECK_DATA_SUBJECT);
    const Reachability result = classify(subject.pid(), [&] {
        ::kill(subject.pid(), SIGKILL);
        siginfo_t info{};
        ::waitid(P_PID, static_cast<id_t>(subject.pid()), &info, WEXITED | WNOWAIT);
        return subject.blocks();
    });
    EXPECT_EQ(result.failure, ReachabilityFailure::gone);
    expect_unclassified(subject, result);
    EXPECT_TRUE(WIFSIGNALED(subject.wait_for_end())) << "its end is still told to its parent";
}

TEST(Reachability, OfAProcessThatIsTraced) {
    SubjectProcess subject(LEAKCHECK_DATA_SUBJECT);
    ASSERT_EQ(::ptrace(PTRACE_SEIZE, subject.pid(), 0, 0), 0);
    const Reachability result = classify_subject(subject);
    EXPECT_EQ(result.failure, ReachabilityFailure::traced_by_another);
    expect_unclassified(subject, result);
}

TEST(Reachability, PastTheLimitIsUnclassified) {
    SubjectProcess subject(LEAKCHECK_DATA_SUBJECT);
    ReachabilityOptions options;
    options.time_limit = 0ms;
    const Reachability result = classify_subject(subject, options);
    EXPECT_EQ(result.failure, ReachabilityFailure::no_time);
    for (const LeakKind kind : result.marks.kinds)
        EXPECT_TRUE(kind == LeakKind::unclassified || kind == LeakKind::reachable ||
                    kind == LeakKind::possible);
    EXPECT_EQ(subject.wait_for_end(), 0);
}

}  // namespace
}  // namespace reach
}  // namespace leakcheck
