// SPDX-License-Identifier: Apache-2.0
//
// The two functions of real numbers that the sampling decisions need; the sampler must not depend
// on libm. Pure functions, for the default rounding mode.
#pragma once

#include <bit>
#include <cstdint>

namespace leakcheck::sampler {

// ln x for a positive, normal x, with a relative error below 1e-15. x = m 2^e with m in [1/sqrt 2,
// sqrt 2) and ln m = 2 (s + s^3/3 + s^5/5 + ...) where s = (m - 1)/(m + 1), |s| <= 0.172: the first
// term left out is s^23/23 < 1e-18.
constexpr double natural_log(double x) {
    constexpr double ln_2 = 0.693147180559945309417;
    constexpr double sqrt_2 = 1.41421356237309504880;
    const auto bits = std::bit_cast<std::uint64_t>(x);
    int exponent = static_cast<int>(bits >> 52) - 1023;
    double m = std::bit_cast<double>((bits & 0x000fffffffffffffu) | 0x3ff0000000000000u);
    if (m >= sqrt_2) {
        m /= 2;
        ++exponent;
    }
    const double s = (m - 1) / (m + 1);
    double series = 0;
    for (int power = 21; power >= 1; power -= 2) series = series * (s * s) + 1.0 / power;
    return exponent * ln_2 + 2 * s * series;
}

// 1 - e^-x for x >= 0, with a relative error below 1e-13 down to the smallest x (1 - exp(-x) has
// none of its digits right at 1e-17). Below 1 by the series x - x^2/2! + x^3/3! - ..., whose first
// term left out is x^21/21! < 2e-20. Above, e^-x is the power 2^6 of what the series says of x/2^6;
// the error of the power is 2^6 roundings of a number below 0.37. From 64 on it is 1: e^-64 < 2e-28.
constexpr double one_minus_exp(double x) {
    constexpr double series_end = 1;
    constexpr int doublings = 6;
    constexpr double largest = series_end * (1 << doublings);
    if (x >= largest) return 1;
    const bool is_large = x >= series_end;
    const double y = is_large ? x / (1 << doublings) : x;
    double series = 1;
    for (int k = 20; k >= 2; --k) series = 1 - series * y / k;
    series *= y;
    if (!is_large) return series;
    double power = 1 - series;
    for (int i = 0; i < doublings; ++i) power *= power;
    return 1 - power;
}

}  // namespace leakcheck::sampler
