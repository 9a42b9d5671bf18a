// SPDX-License-Identifier: Apache-2.0
#include "analysis/verdict.hpp"

#include <gtest/gtest.h>

namespace leakcheck {
namespace {

Quantity exact(std::uint64_t n) {
    const auto value = static_cast<double>(n);
    return {n, value, value, value};
}

Scope scope_of(const Quantity& bytes, std::uint64_t max_bytes, const Quantity& blocks = exact(1),
               std::uint64_t max_blocks = UINT64_MAX) {
    Scope scope;
    scope.name = "run";
    scope.bytes = bytes;
    scope.blocks = blocks;
    scope.max_bytes = max_bytes;
    scope.max_blocks = max_blocks;
    return scope;
}

struct VerdictCase {
    Quantity bytes;
    std::uint64_t budget;
    VerdictStatus expected;
};

class VerdictOnBytes : public testing::TestWithParam<VerdictCase> {};

TEST_P(VerdictOnBytes, FollowsTheTable) {
    const Verdict verdict = judge({scope_of(GetParam().bytes, GetParam().budget)}, {}, {});
    EXPECT_EQ(verdict.status, GetParam().expected);
    EXPECT_EQ(verdict.violations.size(), GetParam().expected == VerdictStatus::fail ? 1u : 0u);
    EXPECT_EQ(verdict.inconclusive_reasons.size(),
              GetParam().expected == VerdictStatus::inconclusive ? 1u : 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, VerdictOnBytes,
    testing::Values(VerdictCase{exact(0), 0, VerdictStatus::pass},
                    VerdictCase{exact(1), 0, VerdictStatus::fail},
                    VerdictCase{exact(100), 100, VerdictStatus::pass},
                    VerdictCase{exact(101), 100, VerdictStatus::fail},
                    VerdictCase{exact(101), UINT64_MAX, VerdictStatus::pass},
                    VerdictCase{{10, 1000, 200, 3000}, 3000, VerdictStatus::pass},
                    VerdictCase{{10, 1000, 200, 3000}, 2999, VerdictStatus::inconclusive},
                    VerdictCase{{10, 1000, 200, 3000}, 100, VerdictStatus::inconclusive},
                    VerdictCase{{10, 1000, 200, 3000}, 10, VerdictStatus::inconclusive},
                    VerdictCase{{10, 1000, 200, 3000}, 9, VerdictStatus::fail},
                    VerdictCase{{10, 1000, 200, 3000}, 0, VerdictStatus::fail},
                    VerdictCase{{0, 0, 0, 300}, 0, VerdictStatus::pass}));

TEST(Verdict, JudgesBlocksToo) {
    const Verdict verdict = judge({scope_of(exact(0), 0, exact(2), 1)}, {}, {});
    EXPECT_EQ(verdict.status, VerdictStatus::fail);
    ASSERT_EQ(verdict.violations.size(), 1u);
    EXPECT_EQ(verdict.violations[0].measure, "blocks");
    EXPECT_EQ(verdict.violations[0].actual, 2.0);
    EXPECT_EQ(verdict.violations[0].budget, 1u);
}

TEST(Verdict, SentencesNameTheWorstLeak) {
    Leak small;
    small.owner = "A.small";
    small.bytes = exact(1);
    Leak large;
    large.owner = "A.large";
    large.bytes = exact(99);
    large.site = {"f()", "src/f.cpp", 3};
    Scope scope = scope_of(exact(100), 0);
    scope.leaks = {&small, &large};
    EXPECT_EQ(judge({scope}, {}, {}).violations.at(0).message,
              "the run leaked 100 bytes where none is allowed; "
              "the worst leak: A.large at src/f.cpp:3");

    large.site.file.clear();
    scope.leaks = {&large};
    scope.name = "test A.large";
    scope.max_bytes = 1;
    EXPECT_EQ(judge({scope}, {}, {}).violations.at(0).message,
              "the test A.large leaked 100 bytes where 1 byte is allowed; "
              "the leak: A.large in f()");
}

TEST(Verdict, SentencesSayWhatIsEstimated) {
    Leak leak;
    leak.owner = "A.b";
    Scope scope = scope_of({10, 1000.4, 200, 3000}, 5);
    scope.leaks = {&leak};
    EXPECT_EQ(judge({scope}, {}, {}).violations.at(0).message,
              "the run leaked at least 10 bytes (about 1000) where 5 bytes are allowed; "
              "the leak: A.b");
    scope.max_bytes = 100;
    EXPECT_EQ(judge({scope}, {}, {}).inconclusive_reasons.at(0),
              "the run may have leaked up to 3000 bytes (10 seen, 100 allowed); "
              "run again with -s 1 to decide");
}

TEST(Verdict, LossesTurnAPassIntoInconclusive) {
    const Loss harmful{"live_map_full", "blocks are missing; raise --max-live", 7, true};
    const Loss harmless{"mappings", "some frames have no symbol", 7, false};
    Loss none = harmful;
    none.count = 0;
    EXPECT_EQ(judge({}, {harmless, none}, {}).status, VerdictStatus::pass);
    const Verdict verdict = judge({}, {harmful}, {});
    EXPECT_EQ(verdict.status, VerdictStatus::inconclusive);
    EXPECT_EQ(verdict.inconclusive_reasons.at(0),
              "live_map_full (7 times): blocks are missing; raise --max-live");
    EXPECT_EQ(judge({scope_of(exact(1), 0)}, {harmful}, {}).status, VerdictStatus::fail);
}

TEST(Verdict, BlindSpotsTurnAPassIntoInconclusive) {
    const Verdict verdict = judge({}, {}, {"nothing was traced"});
    EXPECT_EQ(verdict.status, VerdictStatus::inconclusive);
    EXPECT_EQ(verdict.inconclusive_reasons, std::vector<std::string>{"nothing was traced"});
}

struct ExitCase {
    ChildResult child;
    VerdictStatus verdict;
    bool exit_zero;
    int expected;
};

class ExitCode : public testing::TestWithParam<ExitCase> {};

TEST_P(ExitCode, FollowsTheTable) {
    AnalysisOptions options;
    options.error_exitcode = 42;
    options.exit_zero = GetParam().exit_zero;
    EXPECT_EQ(choose_exit_code(GetParam().child, GetParam().verdict, options), GetParam().expected);
}

ChildResult child(ProcessEnd end, int status) {
    return {end, status, false, ""};
}

INSTANTIATE_TEST_SUITE_P(
    Cases, ExitCode,
    testing::Values(ExitCase{child(ProcessEnd::exited, 0), VerdictStatus::pass, false, 0},
                    ExitCase{child(ProcessEnd::exited, 0), VerdictStatus::fail, false, 42},
                    ExitCase{child(ProcessEnd::exited, 0), VerdictStatus::inconclusive, false, 125},
                    ExitCase{child(ProcessEnd::exited, 1), VerdictStatus::pass, false, 1},
                    ExitCase{child(ProcessEnd::exited, 1), VerdictStatus::fail, false, 1},
                    ExitCase{child(ProcessEnd::exited, 7), VerdictStatus::inconclusive, false, 7},
                    ExitCase{child(ProcessEnd::signaled, 6), VerdictStatus::fail, false, 134},
                    ExitCase{child(ProcessEnd::signaled, 11), VerdictStatus::pass, true, 139},
                    ExitCase{child(ProcessEnd::exited, 0), VerdictStatus::fail, true, 0},
                    ExitCase{child(ProcessEnd::exited, 0), VerdictStatus::inconclusive, true, 0},
                    ExitCase{child(ProcessEnd::exited, 1), VerdictStatus::fail, true, 1},
                    ExitCase{child(ProcessEnd::running, 0), VerdictStatus::fail, false, 42}));

}  // namespace
}  // namespace leakcheck
