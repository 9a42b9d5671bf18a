// SPDX-License-Identifier: Apache-2.0
//
// The report for people, in a terminal or a CI log.
#include <fmt/format.h>

#include <algorithm>

#include "reporters/console_leak.hpp"
#include "reporters/console_style.hpp"
#include "reporters/console_summary.hpp"
#include "reporters/places.hpp"
#include "reporters/reporters.hpp"
#include "reporters/wording.hpp"

namespace leakcheck {
namespace {

std::string list_heading(const Report& report, bool counted) {
    if (!counted) return "Not freed, but not counted against the budget";
    return report.verdict.status == VerdictStatus::pass ? "Leaks within the budget" : "Leaks";
}

void print_leaks(const Report& report, const ConsoleOptions& options, std::ostream& out) {
    const Painter paint(options.colour);
    const TestIndex tests(report);
    const std::size_t total = report.leaks.size();
    const std::size_t count = options.top == 0 ? total : std::min(total, options.top);
    for (std::size_t index = 0; index < count; ++index) {
        const bool counted = report.leaks[index].not_gated == NotGated::none;
        const bool begins =
            index == 0 || counted != (report.leaks[index - 1].not_gated == NotGated::none);
        if (begins) out << paint(Style::heading, list_heading(report, counted)) << "\n\n";
        print_leak(report, tests, report.leaks[index], index + 1, options, out);
    }
    if (count < total) {
        out << fmt::format("... {}; -T 0 prints all\n\n", plural(total - count, "more leak"));
    }
}

}  // namespace

void render_console(const Report& report, const ConsoleOptions& options, std::ostream& out) {
    if (!options.quiet) {
        out << '\n';
        print_leaks(report, options, out);
        print_tests(report, options, out);
        print_remarks(report, options, out);
    }
    print_verdict(report, options, out);
}

}  // namespace leakcheck
