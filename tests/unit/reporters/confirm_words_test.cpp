// SPDX-License-Identifier: Apache-2.0
#include "reporters/confirm_words.hpp"

#include <gtest/gtest.h>

namespace leakcheck {
namespace {

using Remarks = std::vector<std::string>;

Leak leak_with(Confirmation confirmation, NotGated not_gated = NotGated::none,
               const Repetition& repetition = {}) {
    Leak leak;
    leak.confirmation = confirmation;
    leak.not_gated = not_gated;
    leak.repetition = repetition;
    return leak;
}

TEST(ConfirmWords, NothingIsSaidWhereNothingRanAgain) {
    EXPECT_TRUE(confirm_remarks(leak_with(Confirmation::none)).empty());
    EXPECT_EQ(confirm_suffix(leak_with(Confirmation::none)), "");
    EXPECT_EQ(confirm_summary({}), "");
}

TEST(ConfirmWords, SayWhatBecameOfALeak) {
    EXPECT_EQ(confirm_suffix(leak_with(Confirmation::confirmed)),
              " (confirmed: its test leaked again, with every allocation traced)");
    EXPECT_EQ(confirm_suffix(leak_with(Confirmation::not_reproduced)),
              " (not reproduced: it did not show when its test ran again)");
    EXPECT_EQ(confirm_suffix(leak_with(Confirmation::unconfirmed)),
              " (unconfirmed: only the first run says so)");
}

TEST(ConfirmWords, DoNotSayTwiceWhyALeakDoesNotCount) {
    EXPECT_EQ(confirm_suffix(leak_with(Confirmation::not_reproduced, NotGated::not_reproduced)),
              "");
    EXPECT_EQ(confirm_suffix(leak_with(Confirmation::unconfirmed, NotGated::outside_tests)), "");
    EXPECT_EQ(confirm_remarks(leak_with(Confirmation::confirmed, NotGated::one_time,
                                        {Growth::one_time, 0.0, 0.0}))
                  .size(),
              1u);
}

TEST(ConfirmWords, SayHowALeakGrows) {
    EXPECT_EQ(confirm_remarks(leak_with(Confirmation::confirmed, NotGated::none,
                                        {Growth::growing, 2048.0, 1.0}))
                  .at(1),
              "grows with every repetition, by 2.0 kB in 1 block on average");
    EXPECT_EQ(confirm_remarks(
                  leak_with(Confirmation::confirmed, NotGated::none, {Growth::growing, 12.5, 0.25}))
                  .at(1),
              "grows with every repetition, by 13 bytes in 0.25 blocks on average");
    EXPECT_EQ(confirm_remarks(
                  leak_with(Confirmation::confirmed, NotGated::none, {Growth::one_time, 0.0, 0.0}))
                  .at(1),
              "one-time: only the first repetition leaked it");
}

TEST(ConfirmWords, AnExactRunOfTheirTestsIsHowConfirmedLeaksWereMeasured) {
    SamplingInfo sampling;
    sampling.rate = 100;
    const Leak confirmed = leak_with(Confirmation::confirmed);
    const Leak other = leak_with(Confirmation::unconfirmed);
    EXPECT_EQ(measured_of(sampling, {&confirmed}), "counted");
    EXPECT_EQ(coverage_of(sampling, {&confirmed}), "every allocation of the test was traced");
    EXPECT_EQ(measured_of(sampling, {&confirmed, &other}), "estimated");
    EXPECT_EQ(coverage_of(sampling, {&other}), "1 in 100 allocations was sampled");
}

TEST(ConfirmWords, SumUpTheSecondRun) {
    Verdict verdict;
    verdict.confirmed = ConfirmSummary{};
    EXPECT_EQ(confirm_summary(verdict),
              "no test could be run again: the verdict is that of the first run");
    verdict.confirmed->tests = 1;
    verdict.confirmed->confirmed = 2;
    EXPECT_EQ(confirm_summary(verdict),
              "1 test ran again, every allocation traced: 2 leaks confirmed; that decides");
    verdict.confirmed->not_reproduced = 1;
    verdict.confirmed->one_time = 1;
    verdict.confirmed->repetitions = 5;
    verdict.confirmed->policy = NotReproducedPolicy::ignore;
    EXPECT_EQ(confirm_summary(verdict),
              "1 test ran again, 5 times in one process, every allocation traced: 2 leaks "
              "confirmed, 1 of them one-time, 1 not reproduced (not counted); that decides");
}

TEST(ConfirmWords, TellWhatTracingCost) {
    Overhead overhead;
    EXPECT_EQ(overhead_summary(overhead), "") << "nothing was timed";
    overhead = {105'000, 6'000, 1140.0, 170.0, 1.5, 50, {}};
    EXPECT_EQ(overhead_summary(overhead),
              "tracing took about 0.12 s of 1.5 s of CPU time (7.98 %): 105,000 events of about "
              "1140 ns");
    overhead.pressure = {{0.5, 3, false}, {61.0, 11, true}};
    EXPECT_TRUE(
        overhead_summary(overhead).ends_with("; cut to 1 in 8 after 0.5 s; stopped after 61.0 s"));
}

TEST(ConfirmWords, LongRunsAreInWholeSeconds) {
    const Overhead overhead{100'000'000, 6'000, 1000.0, 170.0, 12345.6, 50, {}};
    EXPECT_TRUE(overhead_summary(overhead).starts_with(
        "tracing took about 100 s of 12346 s of CPU time (0.81 %)"));
}

}  // namespace
}  // namespace leakcheck
