// SPDX-License-Identifier: Apache-2.0
#include "analysis/estimate.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

namespace leakcheck {
namespace {

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

// `next` is the most that one more block may add.
Bounds gamma_bounds(double estimate, double variance, const Addition& next) {
    return {gamma_quantile(estimate, variance, error_probability),
            gamma_quantile(estimate + next.estimate(), variance + next.variance(),
                           1.0 - error_probability)};
}

// The mean of w (w - 1) over the blocks. Where only the mean of the weights is known, of all ways to
// spread them between their limits it is the one that varies most: all of them are at a limit.
double weight_variance(const SampledBlocks& group) {
    if (group.most_weight <= group.least_weight) return group.weight * (group.weight - 1.0);
    return group.weight * (group.least_weight + group.most_weight - 1.0) -
           group.least_weight * group.most_weight;
}

}  // namespace

void Sample::Measure::add(const Measure& other) {
    observed += other.observed;
    certain += other.certain;
    estimate += other.estimate;
    variance += other.variance;
}

void Sample::Range::add(const Range& other) {
    lowest = std::min(lowest, other.lowest);
    highest = std::max(highest, other.highest);
}

void Sample::add(const SampledBlocks& group) {
    if (group.blocks == 0) return;
    const double weight = group.weight;
    const auto blocks = static_cast<double>(group.blocks);
    const auto bytes = static_cast<double>(group.bytes);
    if (!(weight > 1.0)) {
        blocks_.add({group.blocks, blocks, 0.0, 0.0});
        bytes_.add({group.bytes, bytes, 0.0, 0.0});
        return;
    }
    const double variance = weight_variance(group);
    blocks_.add({group.blocks, 0.0, weight * blocks, variance * blocks});
    bytes_.add({group.bytes, 0.0, weight * bytes, variance * group.bytes_squared});
    sampled_ += group.blocks;
    const double most = std::max(weight, group.most_weight);
    weights_.add({group.most_weight > group.least_weight ? group.least_weight : weight, most});
    sizes_.add({bytes / blocks, group.largest});
    if (most * group.largest > largest_.estimate()) largest_ = {most, group.largest};
}

void Sample::add(const Sample& other) {
    blocks_.add(other.blocks_);
    bytes_.add(other.bytes_);
    sampled_ += other.sampled_;
    weights_.add(other.weights_);
    sizes_.add(other.sizes_);
    if (other.largest_.estimate() > largest_.estimate()) largest_ = other.largest_;
}

Quantity Sample::blocks(const Unseen& unseen) const {
    return quantity(blocks_, unseen, {1.0, 1.0}, unseen.blocks_if_nothing_seen(),
                    {std::max(weights_.highest, unseen.weight()), 1.0});
}

Quantity Sample::bytes(const Unseen& unseen) const {
    const Addition missed = unseen.largest_addition(sizes_.highest);
    return quantity(bytes_, unseen, sizes_, unseen.bytes_if_nothing_seen(),
                    missed.estimate() > largest_.estimate() ? missed : largest_);
}

// `units`: what single blocks add to the measure; `next`: the most that one more may add.
Quantity Sample::quantity(const Measure& measure, const Unseen& unseen, const Range& units,
                          double if_nothing_seen, const Addition& next) const {
    Bounds bounds;
    if (sampled_ == 0) {
        bounds.upper = if_nothing_seen;
    } else if (units.is_one_value() && is_binomial(unseen)) {
        bounds = {units.highest * binomial_lower(sampled_, weights_.highest),
                  units.highest * binomial_upper(sampled_, weights_.highest)};
    } else if (measure.estimate > 0.0) {
        bounds = gamma_bounds(measure.estimate, measure.variance, next);
    }
    const double estimate = measure.certain + measure.estimate;
    const auto observed = static_cast<double>(measure.observed);
    return {measure.observed, estimate, std::max(measure.certain + bounds.lower, observed),
            std::max(measure.certain + bounds.upper, estimate)};
}

bool Sample::is_binomial(const Unseen& unseen) const {
    return weights_.is_one_value() && weights_.highest >= unseen.weight() &&
           weights_.highest >= least_binomial_weight && sampled_ <= most_binomial_blocks;
}

}  // namespace leakcheck
