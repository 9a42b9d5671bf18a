// SPDX-License-Identifier: Apache-2.0
//
// Leaks added up, and what may be behind their sum that was not traced: nothing where an exact run has settled
// the owners of all of them. Thread safety: values.
#pragma once

#include "analysis/findings.hpp"

namespace leakcheck {

class SampledSum {
  public:
    void add(const SampledLeak& leak, const std::set<std::size_t>& settled) {
        sample_.add(leak.sample);
        ++leaks_;
        is_open_ = is_open_ || settled.count(leak.owner) == 0;
    }

    std::uint64_t leaks() const { return leaks_; }
    // `unseen`: of the run.
    Quantity bytes(const Unseen& unseen) const { return sample_.bytes(behind(unseen)); }
    Quantity blocks(const Unseen& unseen) const { return sample_.blocks(behind(unseen)); }

  private:
    Unseen behind(const Unseen& unseen) const {
        return leaks_ > 0 && !is_open_ ? Unseen{} : unseen;
    }

    Sample sample_;
    std::uint64_t leaks_ = 0;
    bool is_open_ = false;
};

// The leaks for which `condition` holds.
template <class Condition>
SampledSum sum_leaks(const Findings& found, Condition condition) {
    SampledSum sum;
    for (const SampledLeak& leak : found.leaks) {
        if (condition(leak)) sum.add(leak, found.settled);
    }
    return sum;
}

}  // namespace leakcheck
