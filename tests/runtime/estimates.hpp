// SPDX-License-Identifier: Apache-2.0
//
// What tests ask of a quantity of a result: {observed, estimate, lower, upper}.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace leakcheck::runtime {

// The lower bound is 1.645 standard errors below the estimate, or a little less.
inline void expect_estimate(const nlohmann::json& quantity, double truth) {
    const auto estimate = quantity.at("estimate").get<double>();
    const double standard_error = (estimate - quantity.at("lower").get<double>()) / 1.645;
    EXPECT_GT(standard_error, 0);
    EXPECT_NEAR(estimate, truth, 3 * standard_error);
}

// What was observed and what it stands for: sums of fixed point numbers, exact in any order.
inline nlohmann::json decided(const nlohmann::json& quantity) {
    return {quantity.at("observed"), quantity.at("estimate")};
}

}  // namespace leakcheck::runtime
