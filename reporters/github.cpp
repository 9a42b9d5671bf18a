// SPDX-License-Identifier: Apache-2.0
//
// GitHub workflow commands. A step shows 10 annotations of a type, a message 4,096 characters.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "reporters/baseline_words.hpp"
#include "reporters/confirm_words.hpp"
#include "reporters/kind_words.hpp"
#include "reporters/leak_groups.hpp"
#include "reporters/places.hpp"
#include "reporters/reporters.hpp"
#include "reporters/sampling_words.hpp"
#include "reporters/stack_words.hpp"
#include "reporters/text.hpp"
#include "reporters/wording.hpp"

namespace leakcheck {
namespace {

constexpr std::size_t most_of_a_type = 10;
constexpr std::size_t longest_message = 4096;  // also after escaping
constexpr std::size_t longest_title = 200;
constexpr std::size_t most_frames = 12;
constexpr std::size_t most_owners = 10;

std::string_view data_escape(char c) {
    switch (c) {
        case '%':
            return "%25";
        case '\r':
            return "%0D";
        case '\n':
            return "%0A";
        default:
            return {};
    }
}

std::string_view property_escape(char c) {
    switch (c) {
        case ':':
            return "%3A";
        case ',':
            return "%2C";
        default:
            return data_escape(c);
    }
}

std::string escaped_property(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        const std::string_view escape = property_escape(c);
        escape.empty() ? escaped += c : escaped += escape;
    }
    return escaped;
}

// Escapes a message, cut at a code point so that what is written fits.
std::string escaped_message(std::string_view text) {
    constexpr std::string_view mark = "...";
    std::string escaped;
    std::size_t fits = 0;  // bytes of `escaped` that leave room for the mark
    while (!text.empty() && escaped.size() <= longest_message) {
        const std::size_t length = next_code_point(text).length;
        const std::string_view escape = data_escape(text[0]);
        escaped += escape.empty() ? text.substr(0, length) : escape;
        text.remove_prefix(length);
        if (escaped.size() + mark.size() <= longest_message) fits = escaped.size();
    }
    if (escaped.size() <= longest_message) return escaped;
    return escaped.substr(0, fits).append(mark);
}

void annotate(std::ostream& out, std::string_view type, const SourceLocation& place,
              std::string_view title, std::string_view message) {
    out << "::" << type << ' ';
    if (has_line(place)) {
        const std::string line = std::to_string(place.line);
        out << "file=" << escaped_property(single_line(place.file)) << ",line=" << line
            << ",endLine=" << line << ',';
    }
    out << "title=" << escaped_property(cut(single_line(title), longest_title))
        << "::" << escaped_message(plain_lines(message)) << '\n';
}

std::string owners(const LeakGroup& group) {
    std::string text;
    const std::size_t count = std::min(group.leaks.size(), most_owners);
    for (std::size_t index = 0; index < count; ++index) {
        const Leak& leak = *group.leaks[index];
        const std::string reason = why_not_gated(leak);
        text +=
            fmt::format("{} {} {}{}{}{}{}\n", amount(leak.bytes, leak.blocks, SizeStyle::rounded),
                        kind_verb(leak.kind), by_owner(leak.owner_kind, owner_name(leak)),
                        indirect_suffix(leak, SizeStyle::rounded),
                        reason.empty() ? "" : " (not counted: " + reason + ")",
                        confirm_suffix(leak), baseline_suffix(leak));
    }
    if (group.leaks.size() > count)
        text += fmt::format("and {} more\n", group.leaks.size() - count);
    return text;
}

// Told only where something is missing: an annotation has little room.
std::string incomplete_stacks(const Report& report) {
    if (all_complete(report.stacks)) return "";
    return "\nStacks: " + stack_summary_text(report.stacks);
}

std::string second_run(const Report& report) {
    const std::string summary = confirm_summary(report.verdict);
    return summary.empty() ? "" : "\nSecond run: " + summary;
}

std::string stack(const Leak& leak) {
    const FrameRange range = telling_frames(leak, most_frames);
    std::string text;
    for (std::size_t index = range.first; index < range.last; ++index) {
        text += "  " + frame_line(leak.stack[index]) + "\n";
    }
    const std::size_t hidden = leak.stack.size() - range.last;
    if (hidden > 0) text += "  ... " + plural(hidden, "more caller") + "\n";
    const std::string remark = stack_remark(leak);
    return remark.empty() ? text : text + "  (" + remark + ")\n";
}

std::string title(const LeakGroup& group) {
    const Leak& worst = *group.leaks.front();
    const std::string others =
        group.leaks.size() > 1 ? fmt::format(" and {} more here", group.leaks.size() - 1) : "";
    return fmt::format("{} {}{}: {}", kind_title(worst.kind),
                       by_owner(worst.owner_kind, owner_name(worst)), others,
                       human_size(static_cast<double>(group.sum.bytes.observed)) +
                           (is_exact(group.sum.bytes) ? "" : " observed"));
}

void annotate_leaks(std::ostream& out, std::string_view type, const Report& report,
                    const LeakGroup& group) {
    const std::string message =
        fmt::format("{}allocated at\n{}({})", owners(group), stack(*group.leaks.front()),
                    coverage_of(report.sampling, group.leaks));
    annotate(out, type, group.place, title(group), message);
}

// Returns how many annotations of the type error were used.
std::size_t annotate_interrupted(std::ostream& out, const Report& report, const TestIndex& tests) {
    if (report.child.running_test.empty()) return 0;
    const TestResult* test = tests.find(report.child.running_test);
    const SourceLocation place =
        test != nullptr && test->definition ? *test->definition : SourceLocation{};
    const std::string message =
        fmt::format("The command {} while test {} was running.", how_it_ended(report.child),
                    single_line(report.child.running_test));
    annotate(out, "error", place, "Interrupted: test " + single_line(report.child.running_test),
             message);
    return 1;
}

void warn_inconclusive(std::ostream& out, const Report& report) {
    if (report.verdict.status != VerdictStatus::inconclusive) return;
    std::string message = run_summary(report) + incomplete_stacks(report) + second_run(report);
    for (const std::string& reason : report.verdict.inconclusive_reasons)
        message += "\n" + single_line(reason);
    annotate(out, "warning", {}, "leakcheck: inconclusive", message);
}

// How many lines there are of a sort, and how many were annotated.
struct Annotated {
    std::size_t lines = 0;
    std::size_t shown = 0;
};

template <class IsOfSort>
Annotated annotate_sort(std::ostream& out, std::string_view type, std::size_t most,
                        const Report& report, const std::vector<LeakGroup>& groups,
                        IsOfSort is_of_sort) {
    Annotated annotated;
    for (const LeakGroup& group : groups) {
        if (!is_of_sort(group)) continue;
        ++annotated.lines;
        if (annotated.shown >= most) continue;
        annotate_leaks(out, type, report, group);
        ++annotated.shown;
    }
    return annotated;
}

// A run that passes because of what is known says so.
bool has_known_leaks(const Report& report) {
    return report.suppressed.leaks > 0 || (report.baseline && report.baseline->known.leaks > 0);
}

bool fails_the_run(const LeakGroup& group) {
    return group.over_budget;
}

bool is_held_group(const LeakGroup& group) {
    return std::all_of(group.leaks.begin(), group.leaks.end(),
                       [](const Leak* leak) { return is_held(*leak); });
}

// What is only listed: possible leaks, of which the number of annotated lines is returned, and what is held.
std::size_t annotate_listed(std::ostream& out, const Report& report,
                            const std::vector<LeakGroup>& groups, LeakKinds show) {
    const bool inconclusive = report.verdict.status == VerdictStatus::inconclusive;
    const auto possible = annotate_sort(out, "warning", most_of_a_type - (inconclusive ? 1 : 0),
                                        report, groups, [show](const LeakGroup& group) {
                                            return !group.over_budget && group.warns &&
                                                   show.contains(LeakKind::possible);
                                        });
    annotate_sort(  // the summary is a notice as well
        out, "notice", most_of_a_type - 1, report, groups, [show](const LeakGroup& group) {
            return is_held_group(group) && show.contains(group.leaks.front()->kind);
        });
    return possible.shown;
}

// Lines with leaks that do not fail the run.
std::size_t count_others(const std::vector<LeakGroup>& groups) {
    return static_cast<std::size_t>(std::count_if(
        groups.begin(), groups.end(),
        [](const LeakGroup& group) { return !group.over_budget && !is_held_group(group); }));
}

std::string baseline_note(const Report& report) {
    return report.baseline ? "\nBaseline: " + baseline_words(*report.baseline) : "";
}

std::string left_out(const Annotated& over_budget, std::size_t others) {
    std::string text;
    if (over_budget.lines > over_budget.shown) {
        text += fmt::format("\n{} of {} that leak are annotated, the worst first; {} left out.",
                            over_budget.shown, plural(over_budget.lines, "line"),
                            over_budget.lines - over_budget.shown);
    }
    if (others > 0) {
        text += fmt::format("\nNot annotated: {} with leaks that do not fail the run.",
                            plural(others, "line"));
    }
    return text;
}

}  // namespace

void render_github(const Report& report, LeakKinds show, std::ostream& out) {
    const TestIndex tests(report);
    const std::vector<LeakGroup> groups = group_leaks(report, tests);
    const std::size_t used = annotate_interrupted(out, report, tests);
    const Annotated over_budget =
        annotate_sort(out, "error", most_of_a_type - used, report, groups, fails_the_run);
    const std::size_t warned = annotate_listed(out, report, groups, show);
    warn_inconclusive(out, report);
    const bool told = report.verdict.status == VerdictStatus::inconclusive && groups.empty();
    const bool clean = report.verdict.status == VerdictStatus::pass && !has_known_leaks(report);
    if (told || clean) return;
    annotate(out, "notice", {}, fmt::format("leakcheck: {}", verdict_word(report.verdict.status)),
             run_summary(report) + incomplete_stacks(report) + second_run(report) +
                 baseline_note(report) + left_out(over_budget, count_others(groups) - warned));
}

}  // namespace leakcheck
