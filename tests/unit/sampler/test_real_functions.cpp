// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "sampler/random.hpp"
#include "sampler/real_functions.hpp"

namespace leakcheck::sampler {
namespace {

double relative_error(double value, double truth) {
    return truth == 0 ? std::fabs(value) : std::fabs(value - truth) / std::fabs(truth);
}

// Any mantissa, and one of `exponents` exponents from `least` on.
double draw_double(std::uint64_t& state, int least, std::uint64_t exponents) {
    const double mantissa = 1.0 + static_cast<double>(next_random(state) >> 12) * 0x1p-52;
    return std::ldexp(mantissa, least + static_cast<int>(next_random(state) % exponents));
}

TEST(NaturalLog, AgreesWithTheLibraryOverAllMagnitudes) {
    std::uint64_t state = 1;
    for (int i = 0; i < 200'000; ++i) {
        const double x = draw_double(state, -1000, 2000);
        ASSERT_LT(relative_error(natural_log(x), std::log(x)), 1e-15) << x;
    }
}

TEST(NaturalLog, AgreesWithTheLibraryNearOne) {
    for (int i = -2000; i <= 2000; ++i) {
        const double x = 1.0 + i * 1e-7;
        ASSERT_LT(relative_error(natural_log(x), std::log(x)), 1e-15) << x;
    }
    EXPECT_EQ(natural_log(1.0), 0.0);
}

double expm1_of_library(double x) {
    return static_cast<double>(-std::expm1(-static_cast<long double>(x)));
}

TEST(OneMinusExp, AgreesWithTheLibraryOverAllMagnitudes) {
    std::uint64_t state = 2;
    for (int i = 0; i < 200'000; ++i) {
        const double x = draw_double(state, -50, 60);
        ASSERT_LT(relative_error(one_minus_exp(x), expm1_of_library(x)), 1e-13) << x;
    }
}

TEST(OneMinusExp, KeepsItsDigitsForTheSmallestArguments) {
    for (const double x : {1e-300, 1e-17, 1e-12, 1e-9, 1e-6, 1e-3})
        EXPECT_LT(relative_error(one_minus_exp(x), expm1_of_library(x)), 1e-15) << x;
    EXPECT_EQ(one_minus_exp(0), 0);
}

TEST(OneMinusExp, IsContinuousWhereTheMethodChanges) {
    for (const double end : {1.0, 64.0}) {
        for (const double x : {std::nextafter(end, 0), end, std::nextafter(end, 100)})
            EXPECT_LT(relative_error(one_minus_exp(x), expm1_of_library(x)), 1e-13) << x;
    }
    EXPECT_EQ(one_minus_exp(1e300), 1);
}

}  // namespace
}  // namespace leakcheck::sampler
