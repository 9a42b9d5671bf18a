// SPDX-License-Identifier: Apache-2.0
//
// From traced blocks to totals with bounds. Units: blocks and bytes. Thread safety: plain values.
//
// Every block is traced with a known probability pi, independently of the others, and carries the
// weight w = 1/pi. Then (D. G. Horvitz, D. J. Thompson, "A Generalization of Sampling Without
// Replacement From a Finite Universe", J. Am. Stat. Assoc. 47, 1952), with s the size of a block
// and sums over traced blocks,
//
//   estimate  blocks sum w            bytes sum w s            both unbiased,
//   variance  blocks sum w (w - 1)    bytes sum w (w - 1) s^2  unbiased too: (1 - pi)/pi^2 = w (w -
//   1).
//
// Bounds are one-sided at 95 %: the truth is under `upper` in at least 95 of 100 runs, and above
// `lower` likewise; both together are a 90 % interval.
//   - Everything traced (w = 1): the observed number is all there is to say.
//   - One weight (and for bytes, one size): n traced blocks are a binomial draw from the unknown
//   number T.
//     `upper` is the largest T with P(X <= n | T) > 5 %, `lower` the smallest with P(X >= n | T) >
//     5 % (C. J. Clopper, E. S. Pearson, Biometrika 26, 1934, for the number of trials). For n = 0
//     that is the rule of three: T < ln(0.05)/ln(1 - pi), about 3 w.
//   - Mixed weights or sizes: quantiles of the gamma distribution that has the estimate's mean and
//     variance, for `upper` after one more block of the largest weight (M. P. Fay, E. J. Feuer,
//     "Confidence Intervals for Directly Standardized Rates: A Method Based on the Gamma
//     Distribution", Stat. Med. 16, 1997), with the variances above in place of the Poisson ones.
//     With one weight it is within one block of the exact bounds.
// Blocks of weight 1 are certain and are added to the bounds of the rest. No bound is under the
// observed number. Samples add up; bounds do not: add samples, then ask for the quantity.
#pragma once

#include <cstdint>
#include <limits>

#include "analysis/report.hpp"

namespace leakcheck {

// Blocks of one weight.
struct SampledBlocks {
    double weight = 1.0;  // not above 1: traced with certainty
    std::uint64_t blocks = 0;
    std::uint64_t bytes = 0;
    double bytes_squared = 0.0;  // sum of size^2
    double largest = 0.0;        // bytes
};

// What a block may weigh that was not traced.
struct Unseen {
    double weight = 1.0;      // the largest that the run gives; 1: everything is traced
    double block_size = 0.0;  // bytes: the mean size of the run's allocations
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

    Quantity quantity(const Measure& measure, const Range& units, const Unseen& unseen,
                      double unseen_unit) const;
    bool is_binomial(const Unseen& unseen) const;

    Measure blocks_;
    Measure bytes_;
    std::uint64_t sampled_ = 0;  // blocks of weight above 1
    Range weights_;
    Range sizes_;
};

}  // namespace leakcheck
