// SPDX-License-Identifier: Apache-2.0
//
// What the in-test API tells the sampler.
#include <gtest/gtest.h>
#include <malloc.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <thread>

#include "fake_sampler.hpp"
#include "leakcheck/leakcheck.hpp"

namespace {

using Notes = std::vector<FakeSampler::Note>;

constexpr int budget = LEAKCHECK_NOTE_BUDGET;
constexpr int known_block = LEAKCHECK_NOTE_KNOWN_LEAK;
constexpr int known_scope = LEAKCHECK_NOTE_KNOWN_SCOPE;

class InTestApi : public testing::Test {
  protected:
    InTestApi() { fake_sampler() = {}; }
    const Notes& notes() const { return fake_sampler().notes; }
    const std::vector<int>& untracked() const { return fake_sampler().untracked; }
};

TEST_F(InTestApi, IsActiveWithASampler) {
    EXPECT_TRUE(leakcheck::active());
}

TEST_F(InTestApi, PassesABudgetOn) {
    leakcheck::set_budget(4096, 3, "one page");
    EXPECT_EQ(notes(), (Notes{{budget, 4096, 3, "one page"}}));
}

TEST_F(InTestApi, HasAnUnlimitedBudget) {
    leakcheck::set_budget(leakcheck::unlimited, leakcheck::unlimited, "");
    EXPECT_EQ(notes(), (Notes{{budget, UINT64_MAX, UINT64_MAX, ""}}));
}

TEST_F(InTestApi, AcceptsNoReason) {
    leakcheck::set_budget(1, 1, nullptr);
    EXPECT_EQ(notes(), (Notes{{budget, 1, 1, ""}}));
}

TEST_F(InTestApi, MarksAKnownLeakInline) {
    const std::unique_ptr<const int> block(leakcheck::known_leak(new const int(7), "seven"));
    EXPECT_EQ(*block, 7);
    const auto address = reinterpret_cast<std::uintptr_t>(block.get());
    EXPECT_EQ(notes(), (Notes{{known_block, address, 0, "seven"}}));
}

TEST_F(InTestApi, IgnoresAKnownLeakOfNull) {
    EXPECT_EQ(leakcheck::known_leak(static_cast<void*>(nullptr), "nothing"), nullptr);
    EXPECT_EQ(notes(), Notes{});
}

TEST_F(InTestApi, OpensAndClosesAKnownScope) {
    { const leakcheck::KnownLeaks scope("why"); }
    EXPECT_EQ(notes(), (Notes{{known_scope, 1, 0, "why"}, {known_scope, 0, 0, "why"}}));
}

TEST_F(InTestApi, GivesTheInnermostKnownScopeItsReasonAndThenTheOuterAgain) {
    {
        const leakcheck::KnownLeaks outer("outer");
        const leakcheck::KnownLeaks inner("inner");
    }
    EXPECT_EQ(notes(), (Notes{{known_scope, 1, 0, "outer"},
                              {known_scope, 0, 0, "outer"},
                              {known_scope, 1, 0, "inner"},
                              {known_scope, 0, 0, "inner"},
                              {known_scope, 1, 0, "outer"},
                              {known_scope, 0, 0, "outer"}}));
}

TEST_F(InTestApi, ClosesScopesWhenAnExceptionPasses) {
    try {
        const leakcheck::Untracked no_tracking;
        const leakcheck::KnownLeaks scope("thrown");
        throw std::runtime_error("passes through");
    } catch (const std::runtime_error&) {
    }
    EXPECT_EQ(untracked(), (std::vector<int>{1, 0}));
    EXPECT_EQ(notes().back(), (FakeSampler::Note{known_scope, 0, 0, "thrown"}));
}

TEST_F(InTestApi, LeavesTheCountingOfNestedUntrackedScopesToTheSampler) {
    {
        const leakcheck::Untracked outer;
        const leakcheck::Untracked inner;
    }
    EXPECT_EQ(untracked(), (std::vector<int>{1, 1, 0, 0}));
}

TEST_F(InTestApi, KeepsScopesToTheirThread) {
    const leakcheck::Untracked here;
    const leakcheck::KnownLeaks scope("here");
    std::thread([] {
        const leakcheck::Untracked there;
        const leakcheck::KnownLeaks other("there");
    }).join();
    EXPECT_EQ(untracked(), (std::vector<int>{1, 1, 0}));
    EXPECT_EQ(notes(), (Notes{{known_scope, 1, 0, "here"},
                              {known_scope, 1, 0, "there"},
                              {known_scope, 0, 0, "there"}}));
}

TEST_F(InTestApi, AllocatesNothing) {
    fake_sampler().notes.reserve(16);
    fake_sampler().untracked.reserve(16);
    int block = 0;
    const auto before = mallinfo2();
    {
        leakcheck::set_budget(1, 1, "short");
        const leakcheck::Untracked no_tracking;
        const leakcheck::KnownLeaks scope("short");
        leakcheck::known_leak(&block, "short");
    }
    const auto after = mallinfo2();
    EXPECT_EQ(before.uordblks, after.uordblks);
    EXPECT_EQ(before.fordblks, after.fordblks);
}

}  // namespace
