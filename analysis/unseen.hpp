// SPDX-License-Identifier: Apache-2.0
//
// What may be there of which no block was traced: how much a run's sampling can miss. Units: blocks
// and bytes. Thread safety: plain values.
//
// Weights follow from the mode, and in some modes from the size s of the block:
//
//   1:N, adaptive, auto-rate   at most the mode's largest rate, whatever the size
//   strata                     the rate of the class that s is in
//   bytes:T                    1/(1 - e^(-s/T)): falls with s, while weight times size rises
//
// Where nothing at all was traced, 95 % of all runs have less than so much (the rule of three):
// ln(0.05)/ln(1 - 1/w), about 3 w, blocks of weight w; with bytes:T exactly T ln 20, about 3 T,
// bytes, for the probability to miss all blocks is e^(-sum of s/T). In the other modes blocks that
// nobody saw are taken to be of the run's mean size, or of the nearest one in their class: a
// description rather than a guarantee.
#pragma once

#include <vector>

#include "analysis/sampling_info.hpp"

namespace leakcheck {

// One-sided, of every bound: each is wrong in at most 5 of 100 runs.
inline constexpr double error_probability = 0.05;

// What one traced block adds to an estimate of bytes; of blocks, where the size is 1.
struct Addition {
    double weight = 1.0;
    double size = 1.0;

    double estimate() const { return weight * size; }
    double variance() const { return weight * (weight - 1.0) * size * size; }
};

class Unseen {
  public:
    Unseen() = default;  // everything is traced
    // `mean_size`: bytes of the run's allocations.
    Unseen(const SamplingInfo& sampling, double mean_size);

    // The largest that a block may have; 1: everything is traced.
    double weight() const;
    // By how much a block of at most `largest` bytes may raise the estimate of bytes.
    Addition largest_addition(double largest) const;

    double blocks_if_nothing_seen() const;
    double bytes_if_nothing_seen() const;

  private:
    // Sizes from `least` to `most`, both included.
    struct SizeClass {
        double least = 0.0;
        double most = 0.0;
        double weight = 1.0;
    };

    void add_strata(const SamplingInfo& sampling);
    double weight_of_size(double size) const;

    std::vector<SizeClass> classes_;  // none: everything is traced, or by bytes
    double mean_bytes_ = 0.0;         // T; 0: not by bytes
    double least_size_ = 1.0;         // of blocks traced by bytes
    double mean_size_ = 0.0;
};

}  // namespace leakcheck
