// SPDX-License-Identifier: Apache-2.0
#include "analysis/estimate.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

namespace leakcheck {
namespace {

constexpr double error_probability = 0.05;

// The exact bounds are used where they differ from the gamma bounds by more than rounding and are
// cheap.
constexpr std::uint64_t most_binomial_blocks = 100'000;
constexpr double least_binomial_weight = 1.01;

// Above this shape the gamma distribution is a normal one to 1 part in 1,000 of its standard
// deviation.
constexpr double most_gamma_shape = 1e6;

struct Bounds {
    double lower = 0.0;
    double upper = 0.0;
};

double binomial_upper(std::uint64_t traced, double weight) {
    using Binomial = boost::math::binomial_distribution<double>;
    const auto trials = Binomial::find_minimum_number_of_trials(static_cast<double>(traced),
                                                                1.0 / weight, error_probability);
    return std::floor(trials);
}

double binomial_lower(std::uint64_t traced, double weight) {
    using Binomial = boost::math::binomial_distribution<double>;
    const auto trials = Binomial::find_maximum_number_of_trials(static_cast<double>(traced - 1),
                                                                1.0 / weight, error_probability);
    return std::ceil(trials);
}

double gamma_quantile(double mean, double variance, double probability) {
    if (variance <= 0.0) return mean;
    const double shape = mean * mean / variance;
    if (shape > most_gamma_shape) {
        const boost::math::normal_distribution<double> normal(mean, std::sqrt(variance));
        return boost::math::quantile(normal, probability);
    }
    const boost::math::gamma_distribution<double> gamma(shape, variance / mean);
    return boost::math::quantile(gamma, probability);
}

Quantity make_quantity(std::uint64_t observed, double estimate, const Bounds& bounds) {
    const auto certain = static_cast<double>(observed);
    return {observed, estimate, std::max(bounds.lower, certain), std::max(bounds.upper, estimate)};
}

}  // namespace

void Sample::Measure::add(const Measure& other) {
    observed += other.observed;
    certain += other.certain;
    estimate += other.estimate;
    variance += other.variance;
    largest_estimate = std::max(largest_estimate, other.largest_estimate);
    largest_variance = std::max(largest_variance, other.largest_variance);
}

void Sample::Range::add(const Range& other) {
    lowest = std::min(lowest, other.lowest);
    highest = std::max(highest, other.highest);
}

Sample::Measure Sample::measure_blocks(const SampledBlocks& blocks) {
    const auto count = static_cast<double>(blocks.blocks);
    const double weight = blocks.weight;
    if (!(weight > 1.0)) return {blocks.blocks, count, 0.0, 0.0, 0.0, 0.0};
    const double each = weight * (weight - 1.0);
    return {blocks.blocks, 0.0, weight * count, each * count, weight, each};
}

Sample::Measure Sample::measure_bytes(const SampledBlocks& blocks) {
    const auto sum = static_cast<double>(blocks.bytes);
    const double weight = blocks.weight;
    if (!(weight > 1.0)) return {blocks.bytes, sum, 0.0, 0.0, 0.0, 0.0};
    const double each = weight * (weight - 1.0);
    return {blocks.bytes,
            0.0,
            weight * sum,
            each * blocks.bytes_squared,
            weight * blocks.largest,
            each * blocks.largest * blocks.largest};
}

void Sample::add(const SampledBlocks& blocks) {
    if (blocks.blocks == 0) return;
    blocks_.add(measure_blocks(blocks));
    bytes_.add(measure_bytes(blocks));
    if (!(blocks.weight > 1.0)) return;
    const double mean_size = static_cast<double>(blocks.bytes) / static_cast<double>(blocks.blocks);
    sampled_ += blocks.blocks;
    weights_.add({blocks.weight, blocks.weight});
    sizes_.add({mean_size, blocks.largest});
}

void Sample::add(const Sample& other) {
    blocks_.add(other.blocks_);
    bytes_.add(other.bytes_);
    sampled_ += other.sampled_;
    weights_.add(other.weights_);
    sizes_.add(other.sizes_);
}

bool Sample::is_binomial() const {
    return weights_.is_one_value() && weights_.highest >= least_binomial_weight &&
           sampled_ <= most_binomial_blocks;
}

Quantity Sample::blocks(const Unseen& unseen) const {
    if (blocks_.observed == 0 && unseen.weight > 1.0) {
        return {0, 0.0, 0.0, binomial_upper(0, unseen.weight)};
    }
    return quantity(blocks_, 1.0);
}

Quantity Sample::bytes(const Unseen& unseen) const {
    if (blocks_.observed == 0 && unseen.weight > 1.0) {
        return {0, 0.0, 0.0, binomial_upper(0, unseen.weight) * unseen.block_size};
    }
    return quantity(bytes_, sizes_.is_one_value() ? sizes_.highest : 0.0);
}

// `unit`: what each sampled block adds to the measure, 0 where they differ.
Quantity Sample::quantity(const Measure& measure, double unit) const {
    const double estimate = measure.certain + measure.estimate;
    if (sampled_ == 0) return make_quantity(measure.observed, estimate, {estimate, estimate});
    Bounds bounds;
    if (unit > 0.0 && is_binomial()) {
        bounds = {unit * binomial_lower(sampled_, weights_.highest),
                  unit * binomial_upper(sampled_, weights_.highest)};
    } else if (measure.estimate > 0.0) {
        bounds = {
            gamma_quantile(measure.estimate, measure.variance, error_probability),
            gamma_quantile(measure.estimate + measure.largest_estimate,
                           measure.variance + measure.largest_variance, 1.0 - error_probability)};
    }
    return make_quantity(measure.observed, estimate,
                         {measure.certain + bounds.lower, measure.certain + bounds.upper});
}

}  // namespace leakcheck
