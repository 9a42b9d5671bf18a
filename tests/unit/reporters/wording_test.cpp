// SPDX-License-Identifier: Apache-2.0
#include "reporters/wording.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "tests/unit/reporters/sample_reports.hpp"

namespace leakcheck {
namespace {

TEST(Wording, SizesForPeople) {
    EXPECT_EQ(human_size(0), "0 bytes");
    EXPECT_EQ(human_size(1), "1 byte");
    EXPECT_EQ(human_size(999), "999 bytes");
    EXPECT_EQ(human_size(1000), "1.0 kB");
    EXPECT_EQ(human_size(2048), "2.0 kB");
    EXPECT_EQ(human_size(9949), "9.9 kB");
    EXPECT_EQ(human_size(15'000'000), "15 MB");
    EXPECT_EQ(human_size(999'499), "999 kB");
    EXPECT_EQ(human_size(999'999), "1.0 MB");
    EXPECT_EQ(human_size(1.8e19), "18 EB");
    EXPECT_EQ(human_size(-5), "0 bytes");
    EXPECT_EQ(human_size(std::numeric_limits<double>::quiet_NaN()), "0 bytes");
}

TEST(Wording, Counts) {
    EXPECT_EQ(plural(0, "leak"), "0 leaks");
    EXPECT_EQ(plural(1, "leak"), "1 leak");
    EXPECT_EQ(plural(1234567, "block"), "1,234,567 blocks");
    EXPECT_EQ(grouped_digits(UINT64_MAX), "18,446,744,073,709,551,615");
    EXPECT_EQ(grouped_digits(999), "999");
}

TEST(Wording, ExactAmounts) {
    const Quantity bytes{2048, 2048, 2048, 2048};
    const Quantity blocks{1, 1, 1, 1};
    EXPECT_EQ(amount(bytes, blocks, SizeStyle::rounded), "2.0 kB in 1 block");
    EXPECT_EQ(amount(bytes, blocks, SizeStyle::plain), "2048 bytes in 1 block");
    EXPECT_EQ(estimated_amount(bytes, blocks, SizeStyle::plain), "");
}

TEST(Wording, AnEstimateIsNeverWordedLikeACount) {
    const Quantity bytes{1280, 128000, 68000, 201000};
    const Quantity blocks{10, 1000, 531.5, 1570};
    EXPECT_EQ(amount(bytes, blocks, SizeStyle::rounded),
              "observed 1.3 kB in 10 blocks, estimated about 128 kB (68 kB to 201 kB) in about "
              "1,000 blocks (532 to 1,570)");
    EXPECT_EQ(amount(bytes, blocks, SizeStyle::plain),
              "observed 1280 bytes in 10 blocks, estimated about 128000 bytes (68000 bytes to "
              "201000 bytes) in about "
              "1000 blocks (532 to 1570)");
    const Quantity surely{10, 10, 10, 10};
    EXPECT_FALSE(is_exact(Quantity{10, 10, 10, 11}))
        << "an upper bound above what was seen is doubt";
    EXPECT_TRUE(is_exact(surely));
    EXPECT_NE(amount(surely, blocks, SizeStyle::plain).find("estimated"), std::string::npos);
}

TEST(Wording, Ends) {
    EXPECT_EQ(how_it_ended({ProcessEnd::exited, 3, false, ""}), "exited with status 3");
    EXPECT_EQ(how_it_ended({ProcessEnd::signaled, 11, true, ""}),
              "died by signal 11 (SIGSEGV, core dumped)");
    EXPECT_EQ(how_it_ended({ProcessEnd::signaled, 9, false, ""}), "died by signal 9 (SIGKILL)");
    EXPECT_EQ(how_it_ended({ProcessEnd::signaled, 4000, false, ""}), "died by signal 4000");
    EXPECT_EQ(how_it_ended({ProcessEnd::running, 0, false, ""}), "had not ended");
    EXPECT_EQ(how_it_ended({ProcessEnd::replaced, 0, false, ""}), "was replaced by exec");
}

TEST(Wording, EveryReasonNotToCountIsTold) {
    for (const NotGated reason :
         {NotGated::outside_tests, NotGated::no_tests, NotGated::abnormal_end, NotGated::replaced,
          NotGated::still_running, NotGated::death_test, NotGated::not_reproduced,
          NotGated::one_time, NotGated::kind, NotGated::known}) {
        Leak leak;
        leak.not_gated = reason;
        EXPECT_FALSE(why_not_gated(leak).empty());
    }
    EXPECT_EQ(why_not_gated(Leak{}), "");
    Leak known;
    known.not_gated = NotGated::known;
    known.known_reason = "kept\n\x1b on purpose";
    EXPECT_EQ(why_not_gated(known), "recorded as known: kept\\n\\x1b on purpose");
}

TEST(Wording, SummariesOfRuns) {
    EXPECT_EQ(run_summary(clean_report()), "no leaks in 8 tests (traced: every allocation)");
    EXPECT_EQ(run_summary(leaking_report()),
              "4 leaks, 2.8 kB in 23 blocks, in 4 of 8 tests; not counted: 3 leaks, 4.3 kB in 4 "
              "blocks (traced: every "
              "allocation)");
    EXPECT_EQ(run_summary(within_budget_report()),
              "1 leak within the budget, 96 bytes in 3 blocks, in 1 of 8 tests (traced: every "
              "allocation)");
    Report sampled = clean_report();
    sampled.sampling.rate = 50;
    EXPECT_EQ(run_summary(sampled), "no leaks observed in 8 tests (sampled: 1 in 50 allocations)");
}

TEST(Wording, ALossIsToldOnce) {
    const Report report = inconclusive_report();
    EXPECT_TRUE(is_inconclusive_reason(report, report.losses[0]));
    EXPECT_FALSE(is_inconclusive_reason(report, report.losses[1]));
}

}  // namespace
}  // namespace leakcheck
