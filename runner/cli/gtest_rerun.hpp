// SPDX-License-Identifier: Apache-2.0
//
// How a GoogleTest program is made to run some of its tests again, under no one's eyes: by name, all of them,
// and without a trace in the files of the first run. Pure. Thread safety: free functions without state.
//
// GoogleTest's rules (1.8 to 1.15; gtest.cc): a flag is "--gtest_NAME=VALUE" or, for a switch, "--gtest_NAME";
// with Abseil's flags also "--gtest_NAME VALUE" and "--nogtest_NAME". The last one given counts. Where a flag is
// not given, the environment's GTEST_NAME decides. A filter is a list of patterns between colons, in which "*"
// and "?" stand for other characters and "-" begins the patterns to leave out; nothing can be escaped.
//
// The flags come by the environment, so that wrapper scripts pass them on; where the command has GoogleTest's
// flags already, they are added there as well, since a --gtest_flagfile there would outdo the environment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "runner/cli/environment.hpp"

namespace leakcheck {

// A filter that selects just these tests.
struct FilterBatch {
    std::string filter;
    std::vector<std::string> tests;  // "Suite.Test"
};

struct FilterPlan {
    std::vector<FilterBatch> batches;
    std::vector<std::string> inexpressible;  // tests whose names no filter can single out
};

// An argument holds at most 128 KiB on Linux (MAX_ARG_STRLEN), "GTEST_FILTER=" and NUL included.
inline constexpr std::size_t most_filter_bytes = 96 * 1024;

// As many batches as it takes for each filter to have at most `most_bytes`.
FilterPlan plan_filters(const std::vector<std::string>& tests,
                        std::size_t most_bytes = most_filter_bytes);

struct GtestRerun {
    std::vector<std::string> command;
    std::vector<std::string> set;    // "NAME=value", for the environment
    std::vector<std::string> unset;  // names
};

// `environment`: of the first run. `repetitions`: how often each test runs. The order of the tests is
// shuffled only where it was with a seed that can be used again.
GtestRerun plan_gtest_rerun(const std::vector<std::string>& command, const Environment& environment,
                            const std::string& filter, std::uint32_t repetitions);

}  // namespace leakcheck
