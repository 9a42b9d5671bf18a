// SPDX-License-Identifier: Apache-2.0
//
// The pure centre: snapshot in, report out. No system call, clock or file system; the same input gives
// the same report. Thread safety: free functions without state.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/baseline.hpp"
#include "analysis/report.hpp"
#include "analysis/snapshot.hpp"
#include "analysis/suppression.hpp"

namespace leakcheck {

// What the user asked for that changes the report rather than the run.
struct AnalysisOptions {
    std::string config_file;  // these two are told in the report, and decide nothing
    std::string environment;
    Budget budget;  // for the whole run
    std::vector<BudgetRule> budget_rules;
    std::vector<Suppression> suppressions;  // the first that matches a leak takes it
    std::optional<Baseline> baseline;
    bool gate_outside_tests = false;
    LeakKinds fail_on = failing_by_default;  // kinds of blocks that count
    std::uint64_t min_age_ns =
        0;  // -o: leave out blocks younger than this at the end of their process
    int error_exitcode = 23;
    bool exit_zero = false;  // leaks and inconclusive runs never change the exit status
    // Globs (see file_globs.hpp) of files inside the source root that are treated like vendored
    // code when the site of a leak is looked for.
    std::vector<std::string> not_my_code;
    // Iterations of the program's tests in one process (--repeat). Where there are several, a leak's
    // amounts are those of its worst iteration, so that they compare with a budget for one.
    std::uint32_t repetitions = 1;
};

// What the runner knows about the run besides the snapshot.
struct RunFacts {
    std::string tool_version;
    std::string working_directory;
    std::string source_root;
    std::string started_at;
    double wall_seconds = 0.0;
    ChildResult child;
    std::vector<std::string> warnings;
    Overhead overhead;

    bool operator==(const RunFacts&) const = default;
};

// Frames of a stack, innermost first; called at most once for each stack that is reported.
using SymbolizeFn = std::function<std::vector<Frame>(const StackRecord&)>;

// Where the body of a test is defined, from debug information; nullopt when unknown.
using TestDefinitionFn =
    std::function<std::optional<SourceLocation>(const std::string& suite, const std::string& test)>;

// The whole of the analysis: attribute, symbolize, estimate, judge.
Report analyse(const Snapshot& snapshot, const RunFacts& facts, const AnalysisOptions& options,
               const SymbolizeFn& symbolize, const TestDefinitionFn& test_definition);

}  // namespace leakcheck
