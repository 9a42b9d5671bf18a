// SPDX-License-Identifier: Apache-2.0
#include "analysis/unseen.hpp"

#include <algorithm>
#include <cmath>

namespace leakcheck {
namespace {

double blocks_missed_at(double weight) {
    if (weight <= 1.0) return 0.0;
    return std::floor(std::log(error_probability) / std::log1p(-1.0 / weight));
}

Addition larger(const Addition& a, const Addition& b) {
    return a.estimate() < b.estimate() ? b : a;
}

}  // namespace

Unseen::Unseen(const SamplingInfo& sampling, double mean_size) : mean_size_(mean_size) {
    if (is_exact(sampling)) return;
    if (sampling.kind == SamplingKind::bytes) {
        mean_bytes_ = static_cast<double>(sampling.mean_bytes);
        least_size_ = std::max(1.0, static_cast<double>(sampling.min_size));
    } else if (sampling.kind == SamplingKind::strata) {
        add_strata(sampling);
    } else {
        classes_.push_back(
            {0.0, static_cast<double>(sampling.max_size), static_cast<double>(sampling.rate)});
    }
}

// Without those that the limits of sizes leave empty.
void Unseen::add_strata(const SamplingInfo& sampling) {
    std::uint64_t least = sampling.min_size;
    for (const SizeStratum& stratum : sampling.strata) {
        const std::uint64_t most = std::min(stratum.below - 1, sampling.max_size);
        if (least > most) continue;
        classes_.push_back({static_cast<double>(least), static_cast<double>(most),
                            static_cast<double>(stratum.rate)});
        least = stratum.below;
    }
}

double Unseen::weight_of_size(double size) const {
    return -1.0 / std::expm1(-std::max(size, least_size_) / mean_bytes_);
}

double Unseen::weight() const {
    if (mean_bytes_ > 0.0) return weight_of_size(least_size_);
    double weight = 1.0;
    for (const SizeClass& sizes : classes_) weight = std::max(weight, sizes.weight);
    return weight;
}

Addition Unseen::largest_addition(double largest) const {
    if (mean_bytes_ > 0.0) return {weight_of_size(largest), largest};
    Addition most{1.0, largest};
    for (const SizeClass& sizes : classes_) {
        if (sizes.least <= largest)
            most = larger(most, {sizes.weight, std::min(sizes.most, largest)});
    }
    return most;
}

double Unseen::blocks_if_nothing_seen() const {
    return blocks_missed_at(weight());
}

double Unseen::bytes_if_nothing_seen() const {
    if (mean_bytes_ > 0.0) return -std::log(error_probability) * mean_bytes_;
    double bytes = 0.0;
    for (const SizeClass& sizes : classes_) {
        const double size = std::clamp(mean_size_, sizes.least, sizes.most);
        bytes = std::max(bytes, size * blocks_missed_at(sizes.weight));
    }
    return bytes;
}

}  // namespace leakcheck
