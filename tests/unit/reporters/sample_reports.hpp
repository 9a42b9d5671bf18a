// SPDX-License-Identifier: Apache-2.0
//
// Reports as the analysis would make them, one for each kind of run, built in code. The tests in
// them are those of gtest_program.cpp, so that they can be merged into data/gtest-1.12.xml.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/report.hpp"

namespace leakcheck {

struct Sample {
    std::string name;
    Report report;
    bool has_gtest_xml = false;  // the run left GoogleTest's XML
};

Report clean_report();
Report leaking_report();
Report within_budget_report();
Report sampled_report();  // 1 in 100: estimates
Report crash_report();    // died in a test, no XML
Report no_tests_report();
Report hostile_report();       // names with every byte that means something to some format
Report inconclusive_report();  // no leak seen, allocations lost
Report confirmed_report();     // suspects were run again, and tracing was cut
Report kinds_report();         // pointers were looked at: leaks of most kinds
Report known_report();         // with suppressions and a baseline

std::vector<Sample> all_samples();

// One leak of a test, at src/queue.cpp:`line`.
Leak make_leak(const std::string& suite, const std::string& test, std::uint64_t bytes,
               std::uint64_t blocks, std::uint32_t line);

// It does not count.
void leave_out(Leak& leak, NotGated reason);

// data/gtest-1.12.xml.
std::string gtest_xml();

// A source tree in memory, for the line hashes.
std::optional<std::string> sample_source(const std::string& file);

}  // namespace leakcheck
