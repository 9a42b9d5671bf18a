// SPDX-License-Identifier: Apache-2.0
//
// The second stage of the verdict: the suspects are run once more with every allocation traced, and what
// that run says of them stands. Thread safety: free functions without state.
//
//   test is a suspect    it was seen to leak, and its scope (the run, or its own budget) is not within the
//                        budget beyond doubt: certainly over it, or undecided by the upper bound
//   leak is confirmed    the exact run shows a leak of the same test with its fingerprint, else one that
//                        differs in kind alone, else one with its site
//
// The kind is that of the exact run: a leak that was not looked at, or could not be, may turn out to be
// reachable, and does not count then. But what was seen to be lost (definite, indirect) is confirmed only by
// a leak that counts, too. Leaks that do not count by their kind are neither suspects nor among the numbers.
//
// A confirmed leak has the amounts and the stack of the exact run. What the first run observed is a fact all
// the same: under NotReproducedPolicy::fail a leak counts with the larger of the two numbers, and one that
// did not show again with what the first run observed of it. Under the other policies the exact run alone
// decides.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/findings.hpp"

namespace leakcheck {

struct ConfirmRules {
    NotReproducedPolicy not_reproduced = NotReproducedPolicy::fail;
    bool gate_one_time = false;  // leaks of the first repetition alone count, too
    std::uint32_t repetitions = 1;
};

// Labels ("Suite.Test") in the order of first run.
std::vector<std::string> find_suspects(const Findings& found, const AnalysisOptions& options);

// "A.b", or "3 tests (A.b, ...)". Not of none.
std::string name_tests(const std::vector<std::string>& tests);

// A leak of the exact run, and what the first run saw of it that counted.
struct ExactLeak {
    SampledLeak leak;
    BlockSum seen_before;
};

// Takes the results of runs of the suspects into the findings of the first run.
class Confirmer {
  public:
    // `first` outlives this.
    Confirmer(Findings& first, const ConfirmRules& rules);

    // `exact` is a run of `tests`, which are of the first run, with every allocation traced. One that did
    // not run there is left out.
    void take(const Findings& exact, const std::vector<std::string>& tests);
    // `tests` could not be run again, or it says nothing; `problem` is the sentence that tells why.
    void leave_out(const std::vector<std::string>& tests, std::string problem);
    // Once, at the end.
    void finish(double wall_seconds);

  private:
    // By owner in the first run: every test that ran again, leaking or not.
    using ExactLeaks = std::map<std::size_t, std::vector<ExactLeak>>;

    void replace_leaks(ExactLeaks found);
    void mark_confirmed(std::vector<ExactLeak>& leaks) const;
    void count(const SampledLeak& leak);

    Findings& first_;
    ConfirmRules rules_;
    ConfirmSummary summary_;
};

}  // namespace leakcheck
