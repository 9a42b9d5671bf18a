// SPDX-License-Identifier: Apache-2.0
//
// The report for people, in a terminal or a CI log.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "reporters/console_leak.hpp"
#include "reporters/console_profile.hpp"
#include "reporters/console_style.hpp"
#include "reporters/console_summary.hpp"
#include "reporters/console_sums.hpp"
#include "reporters/kind_words.hpp"
#include "reporters/leak_sum.hpp"
#include "reporters/listed.hpp"
#include "reporters/reporters.hpp"
#include "reporters/wording.hpp"

namespace leakcheck {
namespace {

std::string list_heading(const Report& report, bool counted) {
    if (!counted) return "Not freed, but not counted against the budget";
    return report.verdict.status == VerdictStatus::pass ? "Leaks within the budget" : "Leaks";
}

struct Folded {
    std::uint64_t blocks = 0;
    std::uint64_t bytes = 0;
};

std::string folded_heading(const Leak& leak) {
    if (leak.not_gated == NotGated::suppressed) return ", suppressed";
    if (leak.not_gated == NotGated::in_baseline) return ", known from the baseline";
    return " of child processes: " + why_not_gated(leak);
}

void print_folded(const Report& report, std::ostream& out) {
    std::map<std::string, Folded> by_reason;
    for (const Leak& leak : report.leaks) {
        if (!is_folded(leak)) continue;
        Folded& sum = by_reason[folded_heading(leak)];
        sum.blocks += leak.blocks.observed;
        sum.bytes += leak.bytes.observed;
    }
    for (const auto& [reason, sum] : by_reason)
        out << fmt::format("not counted and not listed: {} in {}{} (--verbose lists them)\n",
                           human_size(static_cast<double>(sum.bytes)), plural(sum.blocks, "block"),
                           reason);
    if (!by_reason.empty()) out << '\n';
}

void print_other_kinds(const Report& report, const ConsoleOptions& options, std::ostream& out) {
    std::map<LeakKind, LeakSum> by_kind;
    for (const Leak& leak : report.leaks)
        if (!is_folded(leak) && !is_of_shown_kind(leak, options.show)) by_kind[leak.kind].add(leak);
    for (const auto& [kind, sum] : by_kind)
        out << fmt::format("{}: {} (--show {} or --verbose lists them)\n", kind_heading(kind),
                           amount(sum.bytes, sum.blocks, SizeStyle::rounded), leak_kind_name(kind));
    if (!by_kind.empty()) out << '\n';
}

std::vector<const Leak*> listed_leaks(const Report& report, const ConsoleOptions& options) {
    std::vector<const Leak*> listed;
    for (const Leak& leak : report.leaks) {
        const bool short_list = !is_folded(leak) && is_of_shown_kind(leak, options.show);
        if (options.verbose || short_list) listed.push_back(&leak);
    }
    return listed;
}

// Its place among all leaks, listed or not, which `leakcheck explain` and the result file count, too.
std::size_t number_of(const Leak& leak, const Report& report) {
    return static_cast<std::size_t>(&leak - report.leaks.data()) + 1;
}

void print_leaks(const Report& report, const ConsoleOptions& options, std::ostream& out) {
    const Painter paint(options.colour);
    const std::vector<const Leak*> listed = listed_leaks(report, options);
    const std::size_t total = listed.size();
    const std::size_t count = options.top == 0 ? total : std::min(total, options.top);
    for (std::size_t index = 0; index < count; ++index) {
        const bool counted = listed[index]->not_gated == NotGated::none;
        const bool begins =
            index == 0 || counted != (listed[index - 1]->not_gated == NotGated::none);
        if (begins) out << paint(Style::heading, list_heading(report, counted)) << "\n\n";
        print_leak(*listed[index], number_of(*listed[index], report), options, out);
    }
    if (count < total) {
        out << fmt::format("... {}; -T 0 prints all\n\n", plural(total - count, "more leak"));
    }
    if (options.verbose) return;
    print_other_kinds(report, options, out);
    print_folded(report, out);
}

}  // namespace

void render_console(const Report& report, const ConsoleOptions& options, std::ostream& out) {
    if (!options.quiet) {
        out << '\n';
        print_leaks(report, options, out);
        print_tests(report, options, out);
        if (options.profile) print_test_profile(report, options, out);
        if (options.verbose) print_sums(report, options, out);
        print_remarks(report, options, out);
    }
    print_verdict(report, options, out);
}

}  // namespace leakcheck
