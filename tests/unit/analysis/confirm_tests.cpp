// SPDX-License-Identifier: Apache-2.0
#include "analysis/confirm.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/analysis/run_builder.hpp"

namespace leakcheck {
namespace {

using testing_support::own_frame;
using testing_support::RunBuilder;
using Names = std::vector<std::string>;

// A run of the tests A.x for each name; a leak is made in the function and file of its name.
class MadeUpRun {
  public:
    explicit MadeUpRun(std::uint64_t rate = 1) {
        builder.snapshot.sampling.rate = rate;
        weight_ = static_cast<double>(rate);
    }

    OwnerId test(const std::string& name) {
        const auto known = tests_.find(name);
        if (known != tests_.end()) return known->second;
        const OwnerId id = builder.add_test("A", name);
        builder.add_total(id, 1000, 64000, weight_);
        return tests_.emplace(name, id).first->second;
    }

    LiveGroup& leak(const std::string& name, const std::string& function, std::uint64_t blocks,
                    std::uint64_t size = 10, std::uint32_t line = 1) {
        const OwnerId owner = test(name);
        const StackId stack = builder.add_stack({own_frame(function, "code.cpp", line)});
        return builder.add_live(owner, stack, blocks, size, weight_);
    }

    Names suspects() { return find_suspects(builder.examine(), builder.options); }

    RunBuilder builder;

  private:
    std::map<std::string, OwnerId> tests_;
    double weight_ = 1.0;
};

// The report of `first` after `exact` was a run of the suspects.
Report confirmed_by(MadeUpRun& first, MadeUpRun& exact, const ConfirmRules& rules = {}) {
    Findings found = first.builder.examine();
    exact.builder.options.repetitions = rules.repetitions;
    Confirmer confirmer(found, rules);
    confirmer.take(exact.builder.examine(), find_suspects(found, first.builder.options));
    confirmer.finish(1.5);
    return first.builder.conclude(std::move(found));
}

const Leak& leak_at(const Report& report, const std::string& function) {
    const auto found =
        std::find_if(report.leaks.begin(), report.leaks.end(),
                     [&](const Leak& leak) { return leak.site.function == function; });
    if (found == report.leaks.end()) throw std::out_of_range("no leak at " + function);
    return *found;
}

ConfirmRules rules(NotReproducedPolicy policy) {
    ConfirmRules result;
    result.not_reproduced = policy;
    return result;
}

TEST(Suspects, AreTheTestsThatLeakOverTheBudgetInOrder) {
    MadeUpRun run;
    run.test("clean");
    run.leak("second", "f()", 1);
    run.leak("third", "g()", 1);
    EXPECT_EQ(run.suspects(), (Names{"A.second", "A.third"}));
}

TEST(Suspects, NoneWhereTheBudgetIsKept) {
    MadeUpRun run;
    run.leak("one", "f()", 5);
    run.builder.options.budget = {50, 5, true, true};
    EXPECT_TRUE(run.suspects().empty());
    run.builder.options.budget = {50, 4, true, true};
    EXPECT_EQ(run.suspects(), Names{"A.one"});
}

TEST(Suspects, ASampledRunThatIsUndecidedHasThem) {
    MadeUpRun run(100);
    run.leak("seen", "f()", 3);
    run.test("nothing seen");
    run.builder.options.budget = {1'000'000'000, 350, true, true};
    EXPECT_EQ(run.suspects(), Names{"A.seen"}) << "3 were seen, but more than 350 are possible";
    run.builder.options.budget = {1'000'000'000, 1'000'000, true, true};
    EXPECT_TRUE(run.suspects().empty()) << "the upper bound is allowed";
}

TEST(Suspects, ATestAnswersToItsOwnBudgetAlone) {
    MadeUpRun run;
    run.leak("lenient", "f()", 5);
    run.leak("strict", "g()", 5);
    run.builder.add_note(NoteKind::budget, run.test("lenient"), 100, 10);
    run.builder.add_note(NoteKind::budget, run.test("strict"), 100, 1);
    EXPECT_EQ(run.suspects(), Names{"A.strict"});
}

TEST(Suspects, WhatIsNoTestIsNotRunAgain) {
    MadeUpRun run;
    run.builder.options.gate_outside_tests = true;
    run.builder.add_live(OwnerId{}, run.builder.add_stack({own_frame("f()", "code.cpp", 1)}), 1, 8);
    run.test("clean");
    EXPECT_EQ(run.builder.analyse().verdict.status, VerdictStatus::fail);
    EXPECT_TRUE(run.suspects().empty());
}

TEST(Confirm, TheExactRunsAmountsAndStacksStand) {
    MadeUpRun first(100);
    first.leak("one", "f()", 2);
    MadeUpRun exact;
    exact.leak("one", "f()", 230);
    const Report report = confirmed_by(first, exact);
    ASSERT_EQ(report.leaks.size(), 1u);
    const Leak& leak = report.leaks[0];
    EXPECT_EQ(leak.confirmation, Confirmation::confirmed);
    EXPECT_EQ(leak.blocks.observed, 230u);
    EXPECT_EQ(leak.blocks.upper, 230.0);
    EXPECT_EQ(report.leaked_blocks.upper, 230.0) << "nothing is left that was only sampled";
    EXPECT_EQ(report.tests.at(0).leaked_blocks.upper, 230.0);
    EXPECT_EQ(report.verdict.stage, VerdictStage::confirm);
    ASSERT_TRUE(report.verdict.confirmed);
    EXPECT_EQ(report.verdict.confirmed->tests, 1u);
    EXPECT_EQ(report.verdict.confirmed->confirmed, 1u);
    EXPECT_EQ(report.verdict.confirmed->wall_seconds, 1.5);
}

TEST(Confirm, DecidesWhatSamplingLeftOpen) {
    for (const auto& [truth, expected] :
         {std::pair(350u, VerdictStatus::pass), std::pair(351u, VerdictStatus::fail)}) {
        MadeUpRun first(100);
        first.builder.options.budget.blocks = 350;
        first.builder.options.budget.blocks_given = true;
        first.leak("one", "f()", 3);
        EXPECT_EQ(first.builder.analyse().verdict.status, VerdictStatus::inconclusive);
        MadeUpRun exact;
        exact.leak("one", "f()", truth);
        EXPECT_EQ(confirmed_by(first, exact).verdict.status, expected) << truth;
    }
}

TEST(Confirm, SaysWhatTheSampleMayHaveMissedInOtherTests) {
    MadeUpRun first(100);
    first.leak("one", "f()", 3);
    first.test("nothing seen");
    MadeUpRun exact;
    exact.leak("one", "f()", 300);
    const Report report = confirmed_by(first, exact);
    const auto told = std::count_if(
        report.warnings.begin(), report.warnings.end(), [](const std::string& warning) {
            return warning.find("only the tests that were seen to leak were run again") !=
                   std::string::npos;
        });
    EXPECT_EQ(told, 1);
}

TEST(Confirm, WhatDoesNotShowAgainCountsByDefault) {
    MadeUpRun first;
    first.leak("flaky", "f()", 2);
    MadeUpRun exact;
    exact.test("flaky");
    const Report report = confirmed_by(first, exact);
    EXPECT_EQ(leak_at(report, "f()").confirmation, Confirmation::not_reproduced);
    EXPECT_EQ(leak_at(report, "f()").not_gated, NotGated::none);
    EXPECT_EQ(report.verdict.status, VerdictStatus::fail);
    EXPECT_EQ(report.verdict.confirmed->not_reproduced, 1u);
}

TEST(Confirm, OfWhatDoesNotShowAgainOnlyTheObservedIsClaimed) {
    MadeUpRun first(100);
    first.builder.options.budget.blocks = 100;
    first.builder.options.budget.blocks_given = true;
    first.leak("flaky", "f()", 2);
    MadeUpRun exact;
    exact.test("flaky");
    const Report report = confirmed_by(first, exact);
    EXPECT_EQ(leak_at(report, "f()").blocks.upper, 2.0);
    EXPECT_EQ(report.verdict.status, VerdictStatus::pass);
}

TEST(Confirm, ThePolicyMayLetItPass) {
    for (const auto policy : {NotReproducedPolicy::warn, NotReproducedPolicy::ignore}) {
        MadeUpRun first;
        first.leak("flaky", "f()", 2);
        MadeUpRun exact;
        exact.test("flaky");
        const Report report = confirmed_by(first, exact, rules(policy));
        EXPECT_EQ(report.verdict.status, VerdictStatus::pass);
        EXPECT_EQ(leak_at(report, "f()").not_gated, NotGated::not_reproduced);
        EXPECT_EQ(report.tests.at(0).status, TestStatus::clean);
        EXPECT_EQ(report.warnings.size(), policy == NotReproducedPolicy::warn ? 1u : 0u);
    }
}

TEST(Confirm, WhatTheFirstRunSawMoreOfIsAFact) {
    const auto blocks = [](NotReproducedPolicy policy) {
        MadeUpRun first;
        first.leak("one", "f()", 5);
        MadeUpRun exact;
        exact.leak("one", "f()", 3);
        const Report report = confirmed_by(first, exact, rules(policy));
        EXPECT_EQ(report.leaks.size(), 1u);
        return report.leaked_blocks.observed;
    };
    EXPECT_EQ(blocks(NotReproducedPolicy::fail), 5u);
    EXPECT_EQ(blocks(NotReproducedPolicy::warn), 3u);
    EXPECT_EQ(blocks(NotReproducedPolicy::ignore), 3u);
}

TEST(Confirm, ALeakIsKnownByItsSiteWhereItsFingerprintDiffers) {
    MadeUpRun first;
    const OwnerId owner = first.test("one");
    const StackId by_one_way = first.builder.add_stack(
        {own_frame("f()", "code.cpp", 1), own_frame("caller()", "code.cpp", 9)});
    first.builder.add_live(owner, by_one_way, 2, 10);
    MadeUpRun exact;
    exact.leak("one", "f()", 2);
    const Report report = confirmed_by(first, exact);
    ASSERT_EQ(report.leaks.size(), 1u);
    EXPECT_EQ(report.leaks[0].confirmation, Confirmation::confirmed);
}

TEST(Confirm, TheSameFunctionOfAnotherTestIsAnotherLeak) {
    MadeUpRun first;
    first.leak("one", "f()", 1);
    first.leak("two", "f()", 1);
    MadeUpRun exact;
    exact.leak("one", "f()", 1);
    exact.test("two");
    const Report report = confirmed_by(first, exact);
    EXPECT_EQ(report.verdict.confirmed->confirmed, 1u);
    EXPECT_EQ(report.verdict.confirmed->not_reproduced, 1u);
}

TEST(Confirm, LeaksThatOnlyTheExactRunSeesAreTakenIn) {
    MadeUpRun first(100);
    first.leak("one", "f()", 1);
    MadeUpRun exact;
    exact.leak("one", "f()", 90);
    exact.leak("one", "g()", 10);
    const Report report = confirmed_by(first, exact);
    EXPECT_EQ(report.leaked_blocks.observed, 100u);
    EXPECT_EQ(leak_at(report, "g()").test, "A.one");
}

TEST(Confirm, WhatWasNotRunAgainStaysAsItWas) {
    MadeUpRun first;
    first.builder.options.budget = {10, 1, true, true};
    first.leak("suspect", "f()", 5);
    first.builder.add_note(NoteKind::budget, first.test("lenient"), 1000, 10);
    first.leak("lenient", "g()", 2);
    MadeUpRun exact;
    exact.leak("suspect", "f()", 5);
    exact.leak("lenient", "h()", 7);
    const Report report = confirmed_by(first, exact);
    EXPECT_EQ(leak_at(report, "g()").confirmation, Confirmation::unconfirmed);
    EXPECT_EQ(report.leaks.size(), 2u) << "A.lenient was not asked for";
    EXPECT_EQ(report.verdict.confirmed->unconfirmed, 1u);
}

TEST(Confirm, ATestThatDidNotRunAgainIsLeftOut) {
    MadeUpRun first;
    first.leak("gone", "f()", 1);
    MadeUpRun exact;
    exact.test("other");
    const Report report = confirmed_by(first, exact);
    EXPECT_EQ(report.verdict.stage, VerdictStage::first);
    EXPECT_EQ(report.verdict.confirmed->left_out, 1u);
    ASSERT_EQ(report.verdict.confirmed->problems.size(), 1u);
    EXPECT_EQ(report.verdict.confirmed->problems[0],
              "A.gone did not run again when asked for by name");
    EXPECT_EQ(leak_at(report, "f()").confirmation, Confirmation::unconfirmed);
    EXPECT_EQ(report.verdict.status, VerdictStatus::fail);
}

TEST(Confirm, AProblemLeavesASampledRunUndecided) {
    MadeUpRun first(100);
    first.builder.options.budget.blocks = 350;
    first.builder.options.budget.blocks_given = true;
    first.leak("one", "f()", 3);
    Findings found = first.builder.examine();
    Confirmer confirmer(found, {});
    confirmer.leave_out({"A.one"}, "the second run of A.one died by signal 6");
    confirmer.finish(0.1);
    const Report report = first.builder.conclude(std::move(found));
    EXPECT_EQ(report.verdict.status, VerdictStatus::inconclusive);
    EXPECT_EQ(report.verdict.stage, VerdictStage::first);
    EXPECT_EQ(report.warnings.front(), "not confirmed: the second run of A.one died by signal 6");
}

TEST(Confirm, OneTimeLeaksDoNotCountUnlessAskedFor) {
    for (const bool gate : {false, true}) {
        MadeUpRun first;
        first.leak("lazy", "f()", 1);
        MadeUpRun exact;
        exact.leak("lazy", "f()", 1).repetition = 1;
        ConfirmRules rules;
        rules.repetitions = 3;
        rules.gate_one_time = gate;
        const Report report = confirmed_by(first, exact, rules);
        EXPECT_EQ(report.verdict.status, gate ? VerdictStatus::fail : VerdictStatus::pass);
        EXPECT_EQ(leak_at(report, "f()").repetition.growth, Growth::one_time);
        EXPECT_EQ(leak_at(report, "f()").confirmation, Confirmation::confirmed);
        EXPECT_EQ(report.verdict.confirmed->one_time, 1u);
        EXPECT_EQ(report.verdict.confirmed->repetitions, 3u);
    }
}

TEST(Confirm, TheKindIsThatOfTheExactRun) {
    MadeUpRun first;
    first.leak("one", "f()", 4);
    MadeUpRun exact;
    exact.leak("one", "f()", 1).kind = LeakKind::definite;
    exact.leak("one", "f()", 3).kind = LeakKind::indirect;
    const Report report = confirmed_by(first, exact);
    ASSERT_EQ(report.leaks.size(), 2u);
    EXPECT_EQ(report.leaked_blocks.observed, 4u) << "no block is counted twice";
    EXPECT_EQ(report.verdict.confirmed->confirmed, 2u);
    EXPECT_EQ(report.verdict.confirmed->not_reproduced, 0u);
}

TEST(Confirm, KindsThatShiftAreOneLeakAllTheSame) {
    MadeUpRun first;
    first.leak("one", "f()", 1).kind = LeakKind::definite;
    first.leak("one", "f()", 9).kind = LeakKind::indirect;
    MadeUpRun exact;
    exact.leak("one", "f()", 5).kind = LeakKind::definite;
    exact.leak("one", "f()", 3).kind = LeakKind::indirect;
    const Report report = confirmed_by(first, exact);
    EXPECT_EQ(report.leaked_blocks.observed, 10u) << "the first run saw 2 more";
}

TEST(Confirm, WhatTurnsOutToBeHeldDoesNotCount) {
    for (const LeakKind unknown : {LeakKind::outstanding, LeakKind::unclassified}) {
        MadeUpRun first;
        first.leak("one", "f()", 4).kind = unknown;
        MadeUpRun exact;
        exact.leak("one", "f()", 4).kind = LeakKind::reachable;
        const Report report = confirmed_by(first, exact);
        EXPECT_EQ(report.verdict.status, VerdictStatus::pass);
        ASSERT_EQ(report.leaks.size(), 1u);
        EXPECT_EQ(report.leaks[0].not_gated, NotGated::kind);
        EXPECT_EQ(report.verdict.confirmed->confirmed, 0u);
        EXPECT_EQ(report.verdict.confirmed->not_reproduced, 0u);
    }
}

TEST(Confirm, WhatWasLostIsNotConfirmedByWhatIsHeld) {
    MadeUpRun first;
    first.leak("one", "f()", 4).kind = LeakKind::definite;
    MadeUpRun exact;
    exact.leak("one", "f()", 4).kind = LeakKind::reachable;
    const Report report = confirmed_by(first, exact);
    EXPECT_EQ(report.verdict.status, VerdictStatus::fail) << "what was observed is a fact";
    EXPECT_EQ(report.leaks.at(0).confirmation, Confirmation::not_reproduced);
    EXPECT_EQ(report.leaked_blocks.observed, 4u);
}

TEST(Confirm, WhatIsHeldIsNeitherSuspectNorNumbered) {
    MadeUpRun first;
    first.leak("held", "f()", 100).kind = LeakKind::reachable;
    EXPECT_TRUE(first.suspects().empty());
    first.leak("held", "g()", 1).kind = LeakKind::definite;
    EXPECT_EQ(first.suspects(), Names{"A.held"});
    MadeUpRun exact;
    exact.leak("held", "g()", 1).kind = LeakKind::definite;
    const Report report = confirmed_by(first, exact);
    EXPECT_EQ(report.leaked_blocks.observed, 1u);
    EXPECT_EQ(report.verdict.confirmed->confirmed, 1u);
    EXPECT_EQ(report.verdict.confirmed->not_reproduced, 0u);
}

TEST(Confirm, WhatWasHeldAddsNothingToWhatIsLost) {
    MadeUpRun first;
    first.leak("one", "f()", 1).kind = LeakKind::definite;
    first.leak("one", "f()", 100).kind = LeakKind::reachable;
    MadeUpRun exact;
    exact.leak("one", "f()", 2).kind = LeakKind::definite;
    EXPECT_EQ(confirmed_by(first, exact).leaked_blocks.observed, 2u);
}

TEST(Confirm, KnownLeaksStayKnown) {
    MadeUpRun first;
    first.leak("one", "f()", 1);
    const NoteId known =
        first.builder.add_note(NoteKind::known_leak, first.test("one"), 0, 0, "why");
    first.leak("one", "g()", 1).note = known;
    MadeUpRun exact;
    exact.leak("one", "f()", 1);
    exact.test("one");
    const Report report = confirmed_by(first, exact, rules(NotReproducedPolicy::ignore));
    EXPECT_EQ(leak_at(report, "g()").not_gated, NotGated::known)
        << "known says more than not reproduced";
}

TEST(Confirm, SeveralRunsMayEachConfirmSome) {
    MadeUpRun first;
    first.leak("one", "f()", 1);
    first.leak("two", "g()", 1);
    MadeUpRun exact_one;
    exact_one.leak("one", "f()", 1);
    MadeUpRun exact_two;
    exact_two.leak("two", "g()", 1);
    Findings found = first.builder.examine();
    Confirmer confirmer(found, {});
    confirmer.take(exact_one.builder.examine(), {"A.one"});
    confirmer.take(exact_two.builder.examine(), {"A.two"});
    confirmer.finish(0.2);
    const Report report = first.builder.conclude(std::move(found));
    EXPECT_EQ(report.verdict.confirmed->tests, 2u);
    EXPECT_EQ(report.verdict.confirmed->confirmed, 2u);
    EXPECT_EQ(report.leaks.size(), 2u);
}

TEST(Overhead, StoppedTracingLeavesAPassInDoubt) {
    MadeUpRun run(100);
    run.test("clean");
    run.builder.facts.overhead.limit_percent = 50;
    run.builder.facts.overhead.pressure = {{1.0, 10, false}, {2.5, 11, true}};
    const Report report = run.builder.analyse();
    EXPECT_EQ(report.verdict.status, VerdictStatus::inconclusive);
    EXPECT_EQ(report.verdict.inconclusive_reasons.at(0),
              "tracing was stopped after 2.5 s to keep its cost within 50 % of CPU time "
              "(--max-overhead): later leaks are not known");
}

TEST(Overhead, TracingThatEndsWithItsDurationLeavesAPassInDoubt) {
    MadeUpRun run(100);
    run.test("clean");
    run.builder.facts.overhead.pressure = {{60.0, 11, true, PressureReason::duration}};
    const Report report = run.builder.analyse();
    EXPECT_EQ(report.verdict.status, VerdictStatus::inconclusive);
    EXPECT_EQ(report.verdict.inconclusive_reasons.at(0),
              "tracing ended after 60.0 s (--duration): later leaks are not known");
}

// Then only stacks are missing. With an age limit there are no tables.
TEST(Overhead, StoppedTracingLosesNoSampleThatATableHolds) {
    MadeUpRun run(100);
    run.test("clean");
    run.builder.snapshot.sampling.kind = SamplingKind::adaptive;
    run.builder.facts.overhead.pressure = {{2.5, 11, true}};
    EXPECT_EQ(run.builder.analyse().verdict.status, VerdictStatus::pass);
    run.builder.options.min_age_ns = 1;
    EXPECT_EQ(run.builder.analyse().verdict.status, VerdictStatus::inconclusive);
}

TEST(Overhead, CoarserSamplingIsInTheEstimates) {
    MadeUpRun run(100);
    run.test("clean");
    run.builder.facts.overhead.pressure = {{1.0, 3, false}};
    EXPECT_EQ(run.builder.analyse().verdict.status, VerdictStatus::pass);
}

TEST(Overhead, ARunThatWasToTraceEverythingIsNoLongerExact) {
    MadeUpRun run;
    run.test("clean");
    run.builder.facts.overhead.pressure = {{1.0, 3, false}};
    EXPECT_EQ(run.builder.analyse().verdict.status, VerdictStatus::inconclusive);
}

}  // namespace
}  // namespace leakcheck
