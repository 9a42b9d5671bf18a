// SPDX-License-Identifier: Apache-2.0
//
// What the interposed functions tell, call by call, in front of each allocator.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "tests/unit/sampler/recorder.hpp"

namespace leakcheck::test {
namespace {

using Lines = std::vector<std::string>;

// Each size allocated and freed at once.
Lines pairs(const std::vector<int>& sizes, int first = 1) {
    Lines lines;
    for (const int size : sizes) {
        lines.push_back("alloc " + std::to_string(first) + " " + std::to_string(size));
        lines.push_back("free " + std::to_string(first++));
    }
    return lines;
}

Lines operator+(Lines left, const Lines& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

const Lines every_c_function = pairs({10, 21, 11, 20, 128, 33, 50, 52, 0, 5});
const Lines every_operator = pairs({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});

class Interposition : public testing::Test {
  protected:
    void SetUp() override {
        if (!can_record()) GTEST_SKIP() << "ptrace is not permitted here";
    }
    Recording run(const std::string& program, const std::string& scenario) {
        return record(TracedLibrary(config_, Sites::traps), {{program, scenario}, behind_});
    }
    Lines lines_of(const std::string& program, const std::string& scenario) {
        const Recording recording = run(program, scenario);
        EXPECT_EQ(recording.exit_status(), 0);
        return transcript(recording);
    }
    Lines c(const std::string& scenario) { return lines_of(LEAKCHECK_C_SCENARIOS, scenario); }
    Lines cpp(const std::string& scenario) { return lines_of(LEAKCHECK_CPP_SCENARIOS, scenario); }

    leakcheck_config config_ = tracing_config();
    std::vector<std::string> behind_;
};

TEST_F(Interposition, EveryCFunctionCountsOnceWithItsRequestedSize) {
    EXPECT_EQ(c("basic"), every_c_function);
}
TEST_F(Interposition, PvallocCountsItsRequestedSize) {
    EXPECT_EQ(c("whole_pages"), pairs({51}));
}
TEST_F(Interposition, EveryOperatorCountsOnceWithItsRequestedSize) {
    EXPECT_EQ(cpp("basic"), every_operator);
}

TEST_F(Interposition, TheFrameLeadsToTheCallerOfTheOutermostFunction) {
    for (const char* program : {LEAKCHECK_C_SCENARIOS, LEAKCHECK_CPP_SCENARIOS}) {
        std::size_t from_program = 0;
        for (const Event& event : run(program, "basic").of_site("alloc"))
            from_program += event.caller_file == program;
        EXPECT_GE(from_program, 9u) << program;
    }
}

TEST_F(Interposition, FailedAllocationsAreNotTold) {
    EXPECT_EQ(c("failing"), Lines{});
}

TEST_F(Interposition, ReallocInPlaceIsAFreeAndAnAllocation) {
    EXPECT_EQ(c("realloc_in_place"),
              (Lines{"alloc 1 100", "free 1", "alloc 2 90", "mark at 2", "free 2"}));
}

TEST_F(Interposition, ReallocThatMovesIsAFreeAndAnAllocation) {
    EXPECT_EQ(c("realloc_moves"), (Lines{"alloc 1 10", "alloc 2 10", "free 1", "alloc 3 1000000",
                                         "mark at 3", "free 3", "free 2"}));
}

TEST_F(Interposition, ReallocThatFailsKeepsTheBlock) {
    EXPECT_EQ(c("realloc_fails"), (Lines{"alloc 1 10", "mark kept 1", "free 1"}));
}

TEST_F(Interposition, ReallocToNothingFreesInGlibc) {
    EXPECT_EQ(c("realloc_to_nothing"),
              (Lines{"alloc 1 10", "free 1", "mark and", "alloc 2 20", "free 2"}));
}

TEST_F(Interposition, ReallocarrayCountsOnce) {
    EXPECT_EQ(c("reallocarray_grows"),
              (Lines{"alloc 1 16", "free 1", "alloc 2 800", "mark at 2", "free 2"}));
}

TEST_F(Interposition, UntrackedScopesNestAndStillSeeFrees) {
    EXPECT_EQ(c("untracked_scope"), (Lines{"alloc 1 1", "free 1", "alloc 2 4", "free 2"}));
}

TEST_F(Interposition, SizeLimitsAreInclusive) {
    config_.min_size = 16;
    config_.max_size = 100;
    EXPECT_EQ(c("sizes"), (Lines{"alloc 1 16", "free 1", "alloc 2 100", "free 2", "alloc 3 50",
                                 "free 3", "alloc 4 60", "free 4"}));
}

TEST_F(Interposition, ErrnoIsKept) {
    EXPECT_EQ(c("keeps_errno").size(), 199u * 4u);
    config_.sample_rate = 10;
    c("keeps_errno");
}

TEST_F(Interposition, FloatingPointStateIsKept) {
    config_.sample_rate = 3;
    c("keeps_floating_point");
}

TEST_F(Interposition, FailedLookupsDoNotShowInDlerror) {
    c("no_dlerror");
}

TEST_F(Interposition, LookupsDoNotTakeTheProgramsDlerrorAway) {
    c("keeps_dlerror");
}

TEST_F(Interposition, StandardContainersCountOnce) {
    EXPECT_EQ(cpp("through_library"), (Lines{"alloc 1 1001", "mark string", "alloc 2 24",
                                             "mark shared", "free 2", "free 1"}));
}

TEST_F(Interposition, BadAllocLeavesTheGuardReset) {
    Lines expected;
    for (int i = 0; i < 4; ++i)
        expected = expected + Lines{"mark thrown"} + pairs({21, 22}, 2 * i + 1);
    EXPECT_EQ(cpp("huge"), expected + pairs({21, 22}, 9));
}

// The unwinder is then the program's own, and no library offers a personality routine.
TEST_F(Interposition, BadAllocLeavesTheGuardResetWithoutLibgcc) {
    EXPECT_EQ(lines_of(LEAKCHECK_CPP_SCENARIOS "_static_libgcc", "huge"), cpp("huge"));
}

TEST_F(Interposition, AnExceptionOfTheNewHandlerLeavesTheGuardReset) {
    EXPECT_EQ(cpp("throwing_handler"), Lines{"mark thrown"} + pairs({21, 22}));
}

TEST_F(Interposition, AGuardLeftBehindByLongjmpIsReplaced) {
    EXPECT_EQ(cpp("jumping_handler"), Lines{"mark jumped"} + pairs({31, 21, 22}));
}

TEST_F(Interposition, AThrowingConstructorFreesItsBlock) {
    const Lines lines = cpp("throwing_constructor");
    ASSERT_GE(lines.size(), 7u);
    EXPECT_EQ(lines.front(), "alloc 1 40");
    EXPECT_EQ(std::count(lines.begin(), lines.end(), "free 1"), 1);
    EXPECT_EQ(Lines(lines.end() - 3, lines.end()), Lines{"free 2"} + pairs({41}, 3));
}

TEST_F(Interposition, ASignalHandlersAllocationCounts) {
    EXPECT_EQ(c("signal_handler"), pairs({77}));
}

TEST_F(Interposition, AFullTableIsALossPerAllocation) {
    config_.max_live = 0;
    const Recording recording = run(LEAKCHECK_C_SCENARIOS, "basic");
    EXPECT_EQ(recording.of_site("alloc").size(), 0u);
    EXPECT_GE(recording.of_site("loss").size(), 10u);
    for (const Event& loss : recording.of_site("loss")) {
        EXPECT_EQ(loss.arguments[0], static_cast<std::uint64_t>(LEAKCHECK_LOSS_SAMPLER_FULL));
        EXPECT_EQ(loss.arguments[1], 1u);
    }
}

TEST_F(Interposition, DisabledItTellsNothing) {
    config_.enabled = 0;
    const Recording recording = run(LEAKCHECK_C_SCENARIOS, "basic");
    EXPECT_EQ(recording.exit_status(), 0);
    EXPECT_TRUE(recording.events.empty());
}

TEST_F(Interposition, SampledAllocationsCarryTheRateAsWeight) {
    config_.sample_rate = 10;
    const Recording recording = run(LEAKCHECK_C_SCENARIOS, "keeps_errno");
    const auto allocations = recording.of_site("alloc");
    EXPECT_GT(allocations.size(), 10u);
    EXPECT_LT(allocations.size(), 120u);
    for (const Event& event : allocations) EXPECT_EQ(event.arguments[2], 10 * LEAKCHECK_WEIGHT_ONE);
    EXPECT_EQ(recording.of_site("free").size(), outstanding(recording, recording.main).empty()
                                                    ? allocations.size()
                                                    : allocations.size() - 1);
}

TEST_F(Interposition, TheSeedAloneDecidesWhatIsSampled) {
    config_.sample_rate = 10;
    const Lines first = c("keeps_errno");
    EXPECT_EQ(c("keeps_errno"), first);
    config_.seed = 1;
    EXPECT_NE(c("keeps_errno"), first);
}

TEST_F(Interposition, SerialsAreUniqueAndNeverZero) {
    std::set<std::uint64_t> serials;
    const auto allocations = run(LEAKCHECK_C_SCENARIOS, "threads").of_site("alloc");
    for (const Event& event : allocations) serials.insert(event.arguments[3]);
    EXPECT_EQ(serials.size(), allocations.size());
    EXPECT_FALSE(serials.contains(0));
}

TEST_F(Interposition, EachThreadHasAnOrdinalOfItsOwn) {
    std::set<std::uint64_t> ordinals;
    for (const Event& event : run(LEAKCHECK_C_SCENARIOS, "threads").of_site("alloc")) {
        if (event.arguments[1] >= 1000 && event.arguments[1] % 1000 == 0)
            ordinals.insert(event.arguments[3] >> 40);
    }
    EXPECT_EQ(ordinals, (std::set<std::uint64_t>{2, 3, 4}));
}

TEST_F(Interposition, DestructorsOfPthreadKeysAreStillTraced) {
    const Recording recording = run(LEAKCHECK_C_SCENARIOS, "key_destructor");
    std::vector<std::uint64_t> sizes;
    for (const Event& event : recording.of_site("alloc")) {
        if (event.thread != recording.main && event.process == recording.main)
            sizes.push_back(event.arguments[1]);
    }
    EXPECT_EQ(sizes, (std::vector<std::uint64_t>{1111, 2222}));
}

TEST_F(Interposition, OwnersCarryTheirNames) {
    const Recording recording = run(LEAKCHECK_API_PROGRAM, "");
    const auto owners = recording.of_site("owner");
    ASSERT_EQ(owners.size(), 2u);
    EXPECT_EQ(owners[0].arguments[0], static_cast<std::uint64_t>(LEAKCHECK_OWNER_TEST));
    EXPECT_EQ(owners[0].text, "Suite|Test");
    EXPECT_EQ(owners[1].arguments[0], static_cast<std::uint64_t>(LEAKCHECK_OWNER_OUTSIDE));
    EXPECT_EQ(owners[1].arguments[1], 0u);
    const auto notes = recording.of_site("note");
    ASSERT_EQ(notes.size(), 1u);
    EXPECT_EQ(notes[0].text, "why");
    EXPECT_EQ(notes[0].arguments[1], 7u);
    EXPECT_EQ(notes[0].arguments[2], 8u);
}

// ---- In front of other allocators
// -----------------------------------------------------------------------

struct OtherAllocator {
    const char* name;
    std::string library;  // empty: not installed
    std::string linked_c;
    std::string linked_cpp;
};

std::ostream& operator<<(std::ostream& out, const OtherAllocator& allocator) {
    return out << allocator.name;
}

class BehindUs : public Interposition, public testing::WithParamInterface<OtherAllocator> {
  protected:
    void SetUp() override {
        if (GetParam().library.empty()) GTEST_SKIP() << GetParam().name << " is not installed";
        Interposition::SetUp();
    }
    void expect_all(const std::string& c_program, const std::string& cpp_program) {
        EXPECT_EQ(lines_of(c_program, "basic"), every_c_function);
        EXPECT_EQ(lines_of(cpp_program, "basic"), every_operator);
        EXPECT_EQ(lines_of(c_program, "realloc_moves").size(), 7u);
        EXPECT_EQ(lines_of(c_program, "realloc_fails"),
                  (Lines{"alloc 1 10", "mark kept 1", "free 1"}));
        expect_balanced(lines_of(c_program, "realloc_to_nothing"));
        EXPECT_EQ(lines_of(cpp_program, "through_library").size(), 6u);
        lines_of(c_program, "threads");
        lines_of(c_program, "fork_with_threads");
    }
    static void expect_balanced(const Lines& lines) {
        const auto begins = [&](const char* word) {
            return std::count_if(lines.begin(), lines.end(),
                                 [=](const auto& line) { return line.starts_with(word); });
        };
        EXPECT_EQ(begins("alloc"), begins("free"));
        EXPECT_EQ(std::count(lines.begin(), lines.end(), "free ?"), 0);
    }
};

TEST_P(BehindUs, Preloaded) {
    behind_ = {GetParam().library};
    expect_all(LEAKCHECK_C_SCENARIOS, LEAKCHECK_CPP_SCENARIOS);
}

TEST_P(BehindUs, Linked) {
    expect_all(GetParam().linked_c, GetParam().linked_cpp);
}

INSTANTIATE_TEST_SUITE_P(Allocators, BehindUs,
                         testing::Values(OtherAllocator{"jemalloc", LEAKCHECK_JEMALLOC,
                                                        LEAKCHECK_C_SCENARIOS "_jemalloc",
                                                        LEAKCHECK_CPP_SCENARIOS "_jemalloc"},
                                         OtherAllocator{"tcmalloc", LEAKCHECK_TCMALLOC,
                                                        LEAKCHECK_C_SCENARIOS "_tcmalloc",
                                                        LEAKCHECK_CPP_SCENARIOS "_tcmalloc"},
                                         OtherAllocator{"mimalloc", LEAKCHECK_MIMALLOC,
                                                        LEAKCHECK_C_SCENARIOS "_mimalloc",
                                                        LEAKCHECK_CPP_SCENARIOS "_mimalloc"}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace leakcheck::test
