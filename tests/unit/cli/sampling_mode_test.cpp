// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/sampling_mode.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leakcheck {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::uint64_t no_end = UINT64_MAX;

SamplingMode mode_of(std::string_view text) {
    const auto parsed = parse_sampling_mode(text);
    if (const auto* problem = std::get_if<Problem>(&parsed)) {
        ADD_FAILURE() << problem->message;
        return {};
    }
    EXPECT_EQ(std::get<SamplingMode>(parsed).text, text);
    return std::get<SamplingMode>(parsed);
}

std::string refusal_of(std::string_view text) {
    const auto parsed = parse_sampling_mode(text);
    const auto* problem = std::get_if<Problem>(&parsed);
    if (problem == nullptr) {
        ADD_FAILURE() << text << " is accepted";
        return {};
    }
    EXPECT_THAT(problem->message, StartsWith("\""));
    return problem->message;
}

TEST(SamplingMode, Words) {
    EXPECT_EQ(mode_of("counted").kind, SamplingKind::counted);
    EXPECT_EQ(mode_of("auto-rate").kind, SamplingKind::auto_rate);
    EXPECT_EQ(mode_of("auto-rate").rate, 2000u);
    EXPECT_EQ(mode_of("adaptive").kind, SamplingKind::adaptive);
    EXPECT_EQ(mode_of("adaptive").rate, 1000u);
}

TEST(SamplingMode, Rates) {
    EXPECT_EQ(mode_of("1:1").kind, SamplingKind::one_in);
    EXPECT_EQ(mode_of("1:4294967296").rate, std::uint64_t{1} << 32);
    EXPECT_EQ(mode_of("adaptive:50").kind, SamplingKind::adaptive);
    EXPECT_EQ(mode_of("adaptive:50").rate, 50u);
    EXPECT_EQ(one_in(7).text, "1:7");
}

TEST(SamplingMode, Bytes) {
    EXPECT_EQ(mode_of("bytes:512Ki").kind, SamplingKind::bytes);
    EXPECT_EQ(mode_of("bytes:512Ki").mean_bytes, 524288u);
    EXPECT_EQ(mode_of("bytes:1").mean_bytes, 1u);
    EXPECT_EQ(mode_of("bytes:1Ti").mean_bytes, largest_sampling_bytes);
}

TEST(SamplingMode, RatesBySize) {
    const SamplingMode mode = mode_of("<1k=1:5000,1k-64Ki=1:1000,>64Ki=1:100");
    EXPECT_EQ(mode.kind, SamplingKind::strata);
    EXPECT_THAT(mode.strata, ElementsAre(SizeStratum{1000, 5000}, SizeStratum{65536, 1000},
                                         SizeStratum{no_end, 100}));
    EXPECT_EQ(mode.rate, 5000u) << "the most";
    EXPECT_THAT(mode_of("0-16=1:2,>16=1:3").strata,
                ElementsAre(SizeStratum{16, 2}, SizeStratum{no_end, 3}));
    EXPECT_THAT(mode_of(">0=1:4").strata, ElementsAre(SizeStratum{no_end, 4}));
}

TEST(SamplingMode, RefusesRatesThatAreNone) {
    EXPECT_THAT(refusal_of("1:0"), HasSubstr("give 1:N with N from 1 to 4294967296"));
    EXPECT_THAT(refusal_of("1:4294967297"), HasSubstr("give 1:N"));
    EXPECT_THAT(refusal_of("1:"), HasSubstr("give 1:N"));
    EXPECT_THAT(refusal_of("1:2x"), HasSubstr("give 1:N"));
    EXPECT_THAT(refusal_of("adaptive:"), HasSubstr("give adaptive:N"));
    EXPECT_THAT(refusal_of("adaptive:0"), HasSubstr("give adaptive:N"));
    EXPECT_THAT(refusal_of("adaptive:1:1000"), HasSubstr("give adaptive:N"));
    EXPECT_THAT(refusal_of("bytes:0"), HasSubstr("give bytes:T"));
    EXPECT_THAT(refusal_of("bytes:"), HasSubstr("give bytes:T"));
    EXPECT_THAT(refusal_of("bytes:2Ti"), HasSubstr("from 1 to 1Ti"));
    EXPECT_THAT(refusal_of("bytes:-1"), HasSubstr("give bytes:T"));
}

TEST(SamplingMode, RefusesOtherWordsAndNamesAllModes) {
    for (const char* text : {"", "count", "Adaptive", "adaptive ", "2:5", "1000", "auto"}) {
        EXPECT_THAT(refusal_of(text),
                    HasSubstr("give counted, adaptive, adaptive:N, 1:N, bytes:T, auto-rate, or"))
            << text;
    }
}

TEST(SamplingMode, RefusesClassesThatLeaveSizesOut) {
    EXPECT_THAT(refusal_of("<1k=1:5,>2k=1:3"),
                HasSubstr("sizes from 1000 up to 2000 bytes have no rate"));
    EXPECT_THAT(refusal_of("1k-2k=1:5,>2k=1:3"),
                HasSubstr("sizes from 0 up to 1000 bytes have no rate"));
    EXPECT_THAT(refusal_of("<1k=1:5,1k-2k=1:3"),
                HasSubstr("sizes from 2000 bytes on have no rate; end with >2000=1:N"));
}

TEST(SamplingMode, RefusesClassesThatOverlapOrDoNotAscend) {
    EXPECT_THAT(refusal_of("<1k=1:5,500-2k=1:3,>2k=1:1"), HasSubstr("\"500-2k=1:3\""));
    EXPECT_THAT(refusal_of("<1k=1:5,500-2k=1:3,>2k=1:1"), HasSubstr("overlaps"));
    EXPECT_THAT(refusal_of(">1k=1:5,<1k=1:3"), HasSubstr("have no rate"));
    EXPECT_THAT(refusal_of("<1k=1:5,>1k=1:3,>2k=1:1"), HasSubstr("overlaps"));
}

TEST(SamplingMode, RefusesClassesThatAreNone) {
    for (const char* text :
         {"=1:5", "<1k=", "<1k=1:0", "<1k=5", "<1k=1:5,", "<0=1:5", "2k-1k=1:5", "1k=1:5", "<=1:5",
          "1k-=1:5", "-1k=1:5", "<1k=1:5=1:6", ",<1k=1:5,>1k=1:5", "<1x=1:5"}) {
        EXPECT_THAT(refusal_of(text), HasSubstr("<B=1:N, A-B=1:N or >A=1:N")) << text;
    }
}

TEST(SamplingMode, RefusesMoreClassesThanTheSamplerHas) {
    std::string text = "<1=1:1";
    for (int size = 1; size < 8; ++size) {
        text += "," + std::to_string(size) + "-" + std::to_string(size + 1) + "=1:2";
    }
    EXPECT_THAT(refusal_of(text + ",>8=1:3"), HasSubstr("at most 8 classes"));
}

}  // namespace
}  // namespace leakcheck
