// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <vector>

#include "sampler/contexts.hpp"

namespace leakcheck::sampler {
namespace {

constexpr std::uint32_t first_samples = 4;
constexpr std::size_t context = 77;

class Contexts : public testing::Test {
  protected:
    // The weight of each of `count` samples in a row, in whole units.
    std::vector<std::uint64_t> weights(int count, std::uint32_t epoch) {
        std::vector<std::uint64_t> result;
        for (int i = 0; i < count; ++i) {
            const std::uint32_t threshold = table_->count_sample(
                context, epoch, table_->limit(context, epoch), first_samples, lowest_);
            result.push_back(weight_of_threshold(threshold) >> LEAKCHECK_WEIGHT_SHIFT);
        }
        return result;
    }

    std::unique_ptr<ContextTable> table_ = std::make_unique<ContextTable>();
    std::uint32_t lowest_ = threshold_of_rate(10);
};

using Weights = std::vector<std::uint64_t>;

TEST(Halved, GoesDownToTheLowestAndStaysThere) {
    const std::uint32_t lowest = threshold_of_rate(1000);
    Weights weights;
    for (std::uint32_t threshold = certain; threshold != lowest;
         threshold = halved(threshold, lowest))
        weights.push_back(weight_of_threshold(threshold) >> LEAKCHECK_WEIGHT_SHIFT);
    EXPECT_EQ(weights, (Weights{1, 2, 4, 8, 16, 32, 64, 128, 256, 512}));
    EXPECT_EQ(halved(lowest, lowest), lowest);
    EXPECT_EQ(halved(certain, certain), certain);
    EXPECT_EQ(halved(0, 0), 0u);
}

TEST_F(Contexts, ANewOneIsAboveEveryDraw) {
    EXPECT_GT(table_->limit(context, 1), certain);
}

TEST_F(Contexts, EveryKSamplesHalveTheProbability) {
    EXPECT_EQ(weights(18, 1), (Weights{1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 8, 8, 8, 8, 10, 10}));
}

TEST_F(Contexts, OneSampleOfEachSufficesWhereKIsOne) {
    for (const std::uint64_t weight : {1, 2, 4, 8, 10, 10}) {
        const std::uint32_t threshold =
            table_->count_sample(context, 1, table_->limit(context, 1), 1, lowest_);
        EXPECT_EQ(weight_of_threshold(threshold) >> LEAKCHECK_WEIGHT_SHIFT, weight);
    }
}

TEST_F(Contexts, AnotherTestBeginsAnew) {
    weights(6, 1);
    EXPECT_GT(table_->limit(context, 2), certain);
    EXPECT_EQ(weights(6, 2), (Weights{1, 1, 1, 1, 2, 2}));
    EXPECT_GT(table_->limit(context, 1), certain) << "a thread that is late takes it for new, too";
}

TEST_F(Contexts, OthersAreUntouched) {
    weights(6, 1);
    EXPECT_GT(table_->limit(context + 1, 1), certain);
}

TEST_F(Contexts, TheProbabilityIsThatOfTheDrawWhateverHappensMeanwhile) {
    const std::uint64_t limit = table_->limit(context, 1);
    weights(9, 1);  // another thread
    EXPECT_EQ(table_->count_sample(context, 1, limit, first_samples, lowest_), certain);
    weights(4, 1);
    const std::uint64_t earlier = table_->limit(context, 1);
    weights(4, 1);
    EXPECT_EQ(table_->count_sample(context, 1, earlier, first_samples, lowest_), earlier);
}

TEST(ContextNumber, SpreadsNeighbours) {
    std::set<std::size_t> numbers;
    for (std::uint64_t code = 0; code < 100; ++code) {
        for (std::uint64_t height = 0; height < 100; ++height)
            numbers.insert(context_number(0x1000 + 5 * code, -16 * height));
    }
    // 10,000 balls thrown into 65,536 boxes hit 9,273 of them, give or take 25.
    EXPECT_GT(numbers.size(), 9'150u);
}

}  // namespace
}  // namespace leakcheck::sampler
