// SPDX-License-Identifier: Apache-2.0
//
// Call paths on stacks made by hand: a stack is an array of words, the frame of the interposed function is its
// first two.
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include "sampler/counted/call_path.hpp"

namespace leakcheck::sampler::counted {
namespace {

constexpr std::uint64_t inner = 0x401000;
constexpr std::uint64_t middle = 0x402000;
constexpr std::uint64_t outer = 0x403000;

constexpr std::uint32_t step_of(std::uint32_t cfa_words, std::uint32_t rbp_words = 0) {
    return LEAKCHECK_STEP_KNOWN | rbp_words << LEAKCHECK_STEP_RBP_SHIFT | cfa_words;
}

// Three frames: inner of 4 words, middle of 6 words, which saves rbp, outer, the thread's first.
class PathTest : public testing::Test {
  protected:
    PathTest() {
        stack_[0] = 0;  // rbp of the caller: nothing
        stack_[1] = inner;
        stack_[5] = middle;        // 2 + 4 - 1
        stack_[10] = address(20);  // rbp saved by middle, 2 words below its frame address
        stack_[11] = outer;        // 6 + 6 - 1
        sites_->learn(inner, step_of(4));
        sites_->learn(middle, step_of(6, 2));
        sites_->learn(outer, LEAKCHECK_STEP_KNOWN);
        limits_.top = address(stack_.size());
    }

    std::uintptr_t address(std::size_t word) const {
        return reinterpret_cast<std::uintptr_t>(stack_.data() + word);
    }
    const std::uint64_t* frame() const { return stack_.data(); }
    CallPath follow() const { return follow_path(*sites_, frame(), limits_); }

    std::array<std::uint64_t, 32> stack_{};
    std::unique_ptr<ReturnSites> sites_ = std::make_unique<ReturnSites>();
    PathLimits limits_;
};

TEST_F(PathTest, LeadsToTheThreadsFirstFrame) {
    const CallPath path = follow();
    EXPECT_EQ(path.end, PathEnd::thread);
    EXPECT_TRUE(path.is_whole());
    ASSERT_EQ(path.words, 2);
    EXPECT_EQ(path.place[0], 5);
    EXPECT_EQ(path.place[1], 11);
    EXPECT_EQ(path.stack, address(12));
}

TEST_F(PathTest, DependsOnEachReturnAddress) {
    const CallPath path = follow();
    stack_[5] = middle + 5;
    sites_->learn(middle + 5, step_of(6, 2));
    EXPECT_NE(follow().chain, path.chain);
    stack_[5] = middle;
    EXPECT_EQ(follow().chain, path.chain);
    stack_[7] = 12345;  // a variable
    EXPECT_EQ(follow().chain, path.chain);
}

TEST_F(PathTest, EndsWhereNoWalkHasBeen) {
    stack_[11] = outer + 1;
    const CallPath path = follow();
    EXPECT_EQ(path.end, PathEnd::unknown);
    EXPECT_FALSE(path.is_whole());
}

TEST_F(PathTest, EndsWhereThereIsNoStep) {
    stack_[11] = outer + 2;
    sites_->learn(outer + 2, ReturnSites::no_step);
    EXPECT_EQ(follow().end, PathEnd::blocked);
}

TEST_F(PathTest, EndsAtTheFramesThatRunTheTest) {
    limits_.test_stack = address(11);
    stack_[11] = outer + 1;  // nobody looks at it
    const CallPath path = follow();
    EXPECT_EQ(path.end, PathEnd::test);
    EXPECT_TRUE(path.is_whole());
}

TEST_F(PathTest, IsNotOfTheTestAboveItsFrames) {
    limits_.test_stack = address(1) - 8;
    EXPECT_EQ(follow().end, PathEnd::thread);
}

TEST_F(PathTest, ReadsNothingAboveWhatIsKnownOfTheStack) {
    limits_.top = address(11);
    EXPECT_EQ(follow().end, PathEnd::unknown);
    limits_.top = 0;
    const CallPath path = follow();
    EXPECT_EQ(path.end, PathEnd::unknown);
    EXPECT_EQ(path.words, 0);
}

TEST_F(PathTest, FollowsFramePointersAndRemembersTheirPlaces) {
    stack_[11] = outer + 3;
    sites_->learn(outer + 3, step_of(2) | LEAKCHECK_STEP_BY_RBP);  // frame address: rbp + 2 words
    stack_[21] = outer;                                            // rbp points to word 20
    const CallPath path = follow();
    EXPECT_EQ(path.end, PathEnd::thread);
    ASSERT_EQ(path.words, 4);
    EXPECT_EQ(path.place[2], 10) << "where rbp was saved";
    EXPECT_EQ(path.place[3], 21);
}

TEST_F(PathTest, NeverGoesDown) {
    stack_[11] = outer + 3;
    sites_->learn(outer + 3, step_of(2) | LEAKCHECK_STEP_BY_RBP);
    stack_[10] = address(3);
    EXPECT_EQ(follow().end, PathEnd::unknown);
}

TEST_F(PathTest, IsCutWhereItIsTooLong) {
    std::vector<std::uint64_t> deep(400);
    deep[1] = inner;
    for (std::size_t i = 0; i < 60; ++i) deep[5 + 4 * i] = inner;
    const PathLimits limits{0, reinterpret_cast<std::uintptr_t>(deep.data() + deep.size())};
    const CallPath path = follow_path(*sites_, deep.data(), limits);
    EXPECT_EQ(path.end, PathEnd::cut);
    EXPECT_EQ(path.words, most_path_words);
}

TEST_F(PathTest, LearnsWhatAWalkHasShown) {
    auto fresh = std::make_unique<ReturnSites>();
    const std::array<std::uint32_t, 3> steps{step_of(4), step_of(6, 2), LEAKCHECK_STEP_KNOWN};
    learn_path(*fresh, frame(), steps.data(), steps.size(), limits_.top);
    const CallPath path = follow_path(*fresh, frame(), limits_);
    EXPECT_EQ(path.end, PathEnd::thread);
    EXPECT_EQ(path.chain, follow().chain);
}

TEST_F(PathTest, LearnsNothingBehindAStepThatIsMissing) {
    auto fresh = std::make_unique<ReturnSites>();
    const std::array<std::uint32_t, 3> steps{step_of(4), 0, LEAKCHECK_STEP_KNOWN};
    learn_path(*fresh, frame(), steps.data(), steps.size(), limits_.top);
    EXPECT_EQ(fresh->find(middle), ReturnSites::no_step);
    EXPECT_EQ(fresh->find(outer), ReturnSites::unknown);
}

TEST_F(PathTest, LearnsNothingAboveWhatIsKnownOfTheStack) {
    auto fresh = std::make_unique<ReturnSites>();
    const std::array<std::uint32_t, 3> steps{step_of(4), step_of(6, 2), LEAKCHECK_STEP_KNOWN};
    learn_path(*fresh, frame(), steps.data(), steps.size(), address(11));
    EXPECT_NE(fresh->find(middle), ReturnSites::unknown);
    EXPECT_EQ(fresh->find(outer), ReturnSites::unknown);
}

TEST_F(PathTest, IsRememberedAsLongAsTheStackIsTheSame) {
    const auto cache = std::make_unique<PathCache>();
    const std::uint64_t key = PathCache::key_of(frame(), 7);
    EXPECT_EQ(cache->find(key, frame()), 0u);
    cache->remember(key, frame(), follow(), 42);
    EXPECT_EQ(cache->find(key, frame()), 42u);
    EXPECT_EQ(cache->find(PathCache::key_of(frame(), 8), frame()), 0u);
    stack_[7] = 999;
    EXPECT_EQ(cache->find(key, frame()), 42u) << "a variable is nothing to a path";
    for (const std::size_t word : {5u, 11u}) {
        stack_[word] += 1;
        EXPECT_EQ(cache->find(key, frame()), 0u) << word;
        stack_[word] -= 1;
    }
    EXPECT_EQ(cache->find(key, frame()), 42u);
}

TEST(ReturnSitesTest, ForgetsEverythingWhenALibraryGoes) {
    const auto sites = std::make_unique<ReturnSites>();
    sites->learn(inner, step_of(4));
    EXPECT_EQ(sites->find(inner), step_of(4));
    sites->clear();
    EXPECT_EQ(sites->find(inner), ReturnSites::unknown);
    sites->learn(inner, step_of(9));
    EXPECT_EQ(sites->find(inner), step_of(9));
}

TEST(ReturnSitesTest, KeepsWhatItHasLearned) {
    const auto sites = std::make_unique<ReturnSites>();
    sites->learn(inner, step_of(4));
    sites->learn(inner, step_of(5));
    EXPECT_EQ(sites->find(inner), step_of(4));
}

// Steps of the generation that has the same number again, 65,534 libraries later, are gone.
TEST(ReturnSitesTest, SurvivesTheWrapOfItsGenerations) {
    const auto sites = std::make_unique<ReturnSites>();
    sites->learn(inner, step_of(4));
    const std::uint32_t first = sites->generation();
    do {
        sites->clear();
        ASSERT_EQ(sites->find(inner), ReturnSites::unknown);
    } while (sites->generation() != first);
}

TEST(ReturnSitesTest, HoldsThousandsAndNeverMixesThem) {
    const auto sites = std::make_unique<ReturnSites>();
    constexpr std::uint64_t count = 100'000;
    for (std::uint64_t i = 0; i < count; ++i)
        sites->learn(inner + 5 * i, step_of(static_cast<std::uint32_t>(i % 30000 + 1)));
    std::uint64_t known = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint32_t step = sites->find(inner + 5 * i);
        if (step == ReturnSites::unknown) continue;
        ++known;
        ASSERT_EQ(step, step_of(static_cast<std::uint32_t>(i % 30000 + 1)));
    }
    EXPECT_GT(known, 40'000u);
}

}  // namespace
}  // namespace leakcheck::sampler::counted
