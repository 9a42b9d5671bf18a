// SPDX-License-Identifier: Apache-2.0
#include "reporters/sampling_words.hpp"

#include <gtest/gtest.h>

namespace leakcheck {
namespace {

TEST(SamplingWords, OneInN) {
    SamplingInfo sampling;
    EXPECT_EQ(coverage(sampling), "every allocation was traced");
    EXPECT_EQ(measured(sampling), "counted");
    sampling.rate = 200;
    sampling.min_size = 16;
    EXPECT_EQ(coverage(sampling), "1 in 200 allocations of 16 bytes or more was sampled");
    EXPECT_EQ(measured(sampling), "estimated");
    sampling.max_size = 4096;
    EXPECT_EQ(coverage(sampling), "1 in 200 allocations of 16 to 4,096 bytes was sampled");
    sampling.min_size = 0;
    sampling.rate = 1;
    EXPECT_EQ(coverage(sampling), "every allocation of 4,096 bytes or less was traced");
}

TEST(SamplingWords, Counted) {
    SamplingInfo sampling;
    sampling.kind = SamplingKind::counted;
    sampling.first_samples = 2;
    EXPECT_EQ(coverage(sampling), "every allocation was counted");
    EXPECT_EQ(coverage_note(sampling), "counted: every allocation");
    EXPECT_EQ(measured(sampling), "counted");
}

TEST(SamplingWords, Adaptive) {
    SamplingInfo sampling;
    sampling.kind = SamplingKind::adaptive;
    sampling.first_samples = 32;
    sampling.rate = 1000;
    sampling.min_size = 16;
    EXPECT_EQ(
        coverage(sampling),
        "the first 32 allocations of 16 bytes or more of each calling context in a test, then "
        "ever fewer down to 1 in 1,000, were sampled");
    EXPECT_EQ(coverage_note(sampling),
              "sampled: the first 32 allocations of 16 bytes or more of each calling context in a "
              "test, then ever fewer down to 1 in 1,000");
    EXPECT_EQ(measured(sampling), "estimated");
    sampling.rate = 1;
    EXPECT_EQ(measured(sampling), "estimated") << "exactness is of the mode, not of its numbers";
}

TEST(SamplingWords, Bytes) {
    SamplingInfo sampling;
    sampling.kind = SamplingKind::bytes;
    sampling.mean_bytes = 524'288;
    EXPECT_EQ(coverage(sampling), "1 in 524,288 bytes of allocations was sampled");
}

TEST(SamplingWords, Strata) {
    SamplingInfo sampling;
    sampling.kind = SamplingKind::strata;
    sampling.strata = {{1024, 5000}, {65536, 1000}, {UINT64_MAX, 100}};
    EXPECT_EQ(
        coverage(sampling),
        "1 in 5,000 allocations below 1,024 bytes, 1 in 1,000 below 65,536 bytes and 1 in 100 "
        "of the rest was sampled");
    sampling.strata = {{UINT64_MAX, 20}};
    EXPECT_EQ(coverage(sampling), "1 in 20 allocations was sampled");
}

TEST(SamplingWords, AutoRate) {
    SamplingInfo sampling;
    sampling.kind = SamplingKind::auto_rate;
    EXPECT_EQ(coverage_note(sampling),
              "sampled: 1 in 100 to 2,000 allocations, by how often they came");
}

}  // namespace
}  // namespace leakcheck
