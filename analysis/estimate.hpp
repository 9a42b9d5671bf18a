// SPDX-License-Identifier: Apache-2.0
//
// From traced blocks to totals with bounds. Units: blocks and bytes. Thread safety: plain values.
//
// Every block is traced with a probability pi that is known when it is made and follows from nothing
// but what came before; it carries the weight w = 1/pi. Then (D. G. Horvitz, D. J. Thompson, "A
// Generalization of Sampling Without Replacement From a Finite Universe", J. Am. Stat. Assoc. 47,
// 1952), with s the size of a block and sums over traced blocks,
//
//   estimate  blocks sum w            bytes sum w s
//   variance  blocks sum w (w - 1)    bytes sum w (w - 1) s^2
//
// are unbiased. For w (w - 1) = (1 - pi)/pi^2; and where pi depends on earlier decisions (adaptive,
// auto-rate), what each block adds to the error, I/pi - 1, has mean 0 given all that came before,
// so that the terms are uncorrelated and their variances add up as if they were independent.
//
// Bounds are one-sided at 95 %: the truth is under `upper` in at least 95 of 100 runs, and above
// `lower` likewise; both together are a 90 % interval.
//   - Everything traced (w = 1): the observed number is all there is to say.
//   - Nothing traced of what may be there: see unseen.hpp.
//   - One weight (and for bytes, one size), and none larger may have been missed: n traced blocks
//     are a binomial draw from the unknown number T. `upper` is the largest T with
//     P(X <= n | T) > 5 %, `lower` the smallest with P(X >= n | T) > 5 % (C. J. Clopper,
//     E. S. Pearson, Biometrika 26, 1934, for the number of trials).
//   - Mixed weights or sizes: quantiles of the gamma distribution that has the estimate's mean and
//     variance, for `upper` after one more block, the one that would add most of all that may have
//     been missed (M. P. Fay, E. J. Feuer, "Confidence Intervals for Directly Standardized Rates: A
//     Method Based on the Gamma Distribution", Stat. Med. 16, 1997), with the variances above in
//     place of the Poisson ones. With one weight it is within one block of the exact bounds.
// Blocks of weight 1 are certain and are added to the bounds of the rest. No bound is under the
// observed number. Samples add up; bounds do not: add samples, then ask for the quantity.
#pragma once

#include <cstdint>
#include <limits>

#include "analysis/report.hpp"
#include "analysis/unseen.hpp"

namespace leakcheck {

// Blocks of one weight, or of several whose mean and limits are known.
struct SampledBlocks {
    double weight = 1.0;  // the mean; not above 1: traced with certainty
    std::uint64_t blocks = 0;
    std::uint64_t bytes = 0;
    double bytes_squared = 0.0;  // sum of size^2
    double largest = 0.0;        // bytes
    double least_weight = 0.0;   // limits; equal where all have the mean
    double most_weight = 0.0;
};

class Sample {
  public:
    void add(const SampledBlocks& blocks);
    void add(const Sample& other);

    Quantity blocks(const Unseen& unseen) const;
    Quantity bytes(const Unseen& unseen) const;
    double blocks_variance() const { return blocks_.variance; }
    double bytes_variance() const { return bytes_.variance; }

  private:
    struct Measure {
        std::uint64_t observed = 0;
        double certain = 0.0;   // of weight 1
        double estimate = 0.0;  // the rest: of sampled blocks
        double variance = 0.0;

        void add(const Measure& other);
    };
    // The values of a property over the sampled blocks.
    struct Range {
        double lowest = std::numeric_limits<double>::infinity();
        double highest = 0.0;

        bool is_one_value() const { return lowest == highest; }
        void add(const Range& other);
    };

    Quantity quantity(const Measure& measure, const Unseen& unseen, const Range& units,
                      double if_nothing_seen, const Addition& next) const;
    bool is_binomial(const Unseen& unseen) const;

    Measure blocks_;
    Measure bytes_;
    std::uint64_t sampled_ = 0;  // blocks of weight above 1
    Range weights_;
    Range sizes_;
    Addition largest_{1.0, 0.0};  // of the sampled blocks
};

}  // namespace leakcheck
