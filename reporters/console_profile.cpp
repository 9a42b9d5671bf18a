// SPDX-License-Identifier: Apache-2.0
#include "reporters/console_profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "reporters/console_style.hpp"
#include "reporters/text.hpp"
#include "reporters/wording.hpp"

namespace leakcheck {
namespace {

using Tests = std::vector<const TestResult*>;

template <typename Before>
Tests first_tests(const Report& report, std::size_t top, Before before) {
    Tests tests;
    for (const TestResult& test : report.tests) tests.push_back(&test);
    std::stable_sort(tests.begin(), tests.end(),
                     [&](const TestResult* a, const TestResult* b) { return before(*a, *b); });
    if (top != 0 && tests.size() > top) tests.resize(top);
    return tests;
}

std::string difference(std::uint64_t before, std::uint64_t after) {
    if (after == before) return "as many bytes live after it as before";
    const auto change = static_cast<double>(after > before ? after - before : before - after);
    return fmt::format("{} {} live after it than before", human_size(change),
                       after > before ? "more" : "less");
}

std::string heap_use(const TestResult& test) {
    if (!test.heap_use) return {};
    return fmt::format("; at most {} live, {}",
                       human_size(static_cast<double>(test.heap_use->peak)),
                       difference(test.heap_use->live_before, test.heap_use->live_after));
}

void print_list(const std::string& heading, const Tests& tests, const ConsoleOptions& options,
                std::ostream& out) {
    const Painter paint(options.colour);
    out << paint(Style::heading, heading) << '\n';
    for (const TestResult* test : tests) {
        out << fmt::format("  {:>9.3f} s  {}\n", test->seconds, single_line(test->name));
        out << fmt::format(
            "               allocated {}{}\n",
            amount(test->allocated_bytes, test->allocated_blocks, SizeStyle::rounded),
            heap_use(*test));
    }
    out << '\n';
}

}  // namespace

void print_test_profile(const Report& report, const ConsoleOptions& options, std::ostream& out) {
    if (report.tests.empty()) return;
    const auto is_slower = [](const TestResult& a, const TestResult& b) {
        return a.seconds > b.seconds;
    };
    const auto allocates_more = [](const TestResult& a, const TestResult& b) {
        return a.allocated_bytes.estimate > b.allocated_bytes.estimate;
    };
    print_list("Slowest tests", first_tests(report, options.top, is_slower), options, out);
    print_list("Tests that allocate most", first_tests(report, options.top, allocates_more),
               options, out);
}

}  // namespace leakcheck
