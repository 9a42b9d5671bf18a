// SPDX-License-Identifier: Apache-2.0
//
// The second stage of the verdict: runs the tests that are over their budget, or may be, once more under full
// tracing, and takes the result into the findings of the first run. The second run gets no input, its output
// goes nowhere or into a log, and it writes none of the files that the first one wrote.
// Thread safety: call it from a single-threaded process (it forks). Errors: none; where the second run cannot
// be made or says nothing, the findings tell why, and the first run's verdict stands.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "analysis/confirm.hpp"
#include "runner/cli/gtest_rerun.hpp"
#include "runner/run/run_plan.hpp"
#include "runner/run/traced_run.hpp"

namespace leakcheck {

class ConfirmStage {
  public:
    // `first`: the first run; it and the plan outlive this.
    ConfirmStage(const RunPlan& plan, const TracedRun& first);

    // Does nothing where the user or the first run leaves nothing to decide. Once.
    void decide(Findings& found);
    // What the second run printed; empty unless --confirm-log asks for it.
    const std::string& log() const { return log_; }

  private:
    bool is_wanted() const;
    void run_batches(const std::vector<std::string>& suspects, Confirmer& confirmer);
    void run_batch(const FilterBatch& batch, Confirmer& confirmer);
    void take(TracedRun run, const FilterBatch& batch, Confirmer& confirmer);
    // Why a run says nothing of its tests, as the end of "the second run ..."; empty where it does.
    std::string find_fault(const TracedRun& run) const;
    RunOrder order(const FilterBatch& batch) const;
    std::chrono::milliseconds time_limit() const;

    const RunPlan& plan_;
    const TracedRun& first_;
    const Options exact_;
    std::string log_;
    bool interrupted_ = false;
};

}  // namespace leakcheck
