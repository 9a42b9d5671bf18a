// SPDX-License-Identifier: Apache-2.0
//
// From what a traced run left behind to what the analysis makes of it: here symbols are looked up.
// Thread safety: one thread at a time.
#pragma once

#include <memory>
#include <vector>

#include "analysis/findings.hpp"
#include "runner/cli/progress.hpp"
#include "runner/elf/symbolizer.hpp"
#include "runner/record/recording.hpp"
#include "runner/run/run_plan.hpp"
#include "runner/run/traced_run.hpp"

namespace leakcheck {

// `options`: those that the run was made with.
AnalysisOptions analysis_options(const RunPlan& plan, const Options& options);

// A run and its symbols. Refers to the plan; findings refer to this object.
class ExaminedRun {
  public:
    enum class Record { no, yes };

    // `options`: those that the run was made with. Errors: TraceError where the sampler was in no process: a
    // report that says nothing because nothing was seen must not pass for a clean one.
    ExaminedRun(TracedRun run, const RunPlan& plan, const Options& options, Record record);
    ExaminedRun(const ExaminedRun&) = delete;
    ExaminedRun& operator=(const ExaminedRun&) = delete;

    const TracedRun& run() const { return run_; }
    Findings examine();
    Report conclude(Findings findings);
    const Recording& recording() const { return recording_; }  // empty unless asked for

  private:
    RunFacts facts(const RunPlan& plan) const;
    SymbolizeFn symbolize();
    TestDefinitionFn test_definition();

    TracedRun run_;
    AnalysisOptions analysis_;
    Record record_;
    RunFacts facts_;
    Symbolizer symbolizer_;
    std::unique_ptr<ProgressLine> progress_;
    std::size_t stacks_ = 0;  // no more than these are symbolized
    std::size_t symbolized_ = 0;
    Recording recording_;
};

}  // namespace leakcheck
