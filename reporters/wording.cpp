// SPDX-License-Identifier: Apache-2.0
#include "reporters/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <map>

#include "reporters/kind_words.hpp"
#include "reporters/leak_sum.hpp"
#include "reporters/sampling_words.hpp"
#include "reporters/text.hpp"

namespace leakcheck {
namespace {

std::uint64_t rounded(double value) {
    constexpr double largest = 1.8e19;  // below 2^64
    return std::isfinite(value) && value > 0
               ? static_cast<std::uint64_t>(std::min(value, largest) + 0.5)
               : 0;
}

std::string bytes_text(double bytes, SizeStyle style) {
    if (style == SizeStyle::rounded) return human_size(bytes);
    const std::uint64_t count = rounded(bytes);
    return fmt::format("{} {}", count, count == 1 ? "byte" : "bytes");
}

std::string count_text(double count, SizeStyle style) {
    return style == SizeStyle::rounded ? grouped_digits(rounded(count))
                                       : std::to_string(rounded(count));
}

std::string blocks_text(double blocks, SizeStyle style) {
    return count_text(blocks, style) + (rounded(blocks) == 1 ? " block" : " blocks");
}

std::string signal_text(int number, bool core_dumped) {
    const char* name = sigabbrev_np(number);
    std::string remarks = name != nullptr ? fmt::format("SIG{}", name) : "";
    if (core_dumped) remarks += remarks.empty() ? "core dumped" : ", core dumped";
    return remarks.empty() ? fmt::format("signal {}", number)
                           : fmt::format("signal {} ({})", number, remarks);
}

std::uint64_t gating_leaks(const Report& report) {
    return static_cast<std::uint64_t>(
        std::count_if(report.leaks.begin(), report.leaks.end(),
                      [](const Leak& leak) { return leak.not_gated == NotGated::none; }));
}

std::uint64_t leaking_tests(const Report& report) {
    return static_cast<std::uint64_t>(
        std::count_if(report.tests.begin(), report.tests.end(),
                      [](const TestResult& test) { return test.leaked_blocks.observed > 0; }));
}

std::string leaks_found(const Report& report) {
    const std::uint64_t count = gating_leaks(report);
    if (count == 0) return is_exact(report.sampling) ? "no leaks" : "no leaks observed";
    const bool allowed = report.verdict.status == VerdictStatus::pass;
    return fmt::format("{}{}, {}", plural(count, "leak"), allowed ? " within the budget" : "",
                       amount(report.leaked_bytes, report.leaked_blocks, SizeStyle::rounded));
}

std::string tests_affected(const Report& report) {
    if (report.tests.empty()) return "";
    const std::string tests = plural(report.tests.size(), "test");
    if (gating_leaks(report) == 0) return " in " + tests;
    const std::uint64_t leaking = leaking_tests(report);
    return fmt::format(", in {} of {}", leaking > 0 ? grouped_digits(leaking) : "none", tests);
}

std::string violent_end(const Report& report) {
    const ChildResult& child = report.child;
    if (child.end != ProcessEnd::signaled && child.running_test.empty()) return "";
    const std::string test = cut(single_line(child.running_test), 300);
    return fmt::format("; the command {}{}", how_it_ended(child),
                       test.empty() ? "" : " in " + test);
}

std::string count_words(const LeakCount& count) {
    return fmt::format("{}, {}", plural(count.leaks, "leak"),
                       exact_amount(count.bytes, count.blocks, SizeStyle::rounded));
}

// Of what is known: by suppressions, and from earlier runs.
std::string known_found(const Report& report) {
    std::string found;
    if (report.suppressed.leaks > 0) found += "; suppressed: " + count_words(report.suppressed);
    if (report.baseline && report.baseline->known.leaks > 0)
        found += "; known from the baseline: " + count_words(report.baseline->known);
    return found;
}

bool is_known(const Leak& leak) {
    return leak.not_gated == NotGated::suppressed || leak.not_gated == NotGated::in_baseline;
}

std::string others_found(const Report& report) {
    LeakSum others;
    std::map<LeakKind, LeakSum> held;
    for (const Leak& leak : report.leaks) {
        if (leak.not_gated == NotGated::none || is_known(leak)) continue;
        (is_held(leak) ? held[leak.kind] : others).add(leak);
    }
    const auto text = [](const LeakSum& sum) {
        return amount(sum.bytes, sum.blocks, SizeStyle::rounded);
    };
    std::string found;
    if (others.leaks > 0)
        found += fmt::format("; not counted: {}, {}", plural(others.leaks, "leak"), text(others));
    for (const auto& [kind, sum] : held)
        found += fmt::format("; {}{}: {}", kind == LeakKind::released_late ? "" : "still ",
                             leak_kind_name(kind), text(sum));
    return found;
}

}  // namespace

std::string grouped_digits(std::uint64_t count) {
    std::string digits = std::to_string(count);
    for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
    return digits;
}

std::string plural(std::uint64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", grouped_digits(count), noun, count == 1 ? "" : "s");
}

std::string human_size(double bytes) {
    if (rounded(bytes) < 1000) return plural(rounded(bytes), "byte");
    constexpr std::array<std::string_view, 6> units{"kB", "MB", "GB", "TB", "PB", "EB"};
    double value = bytes / 1000;
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    return value < 9.95 ? fmt::format("{:.1f} {}", value, units[unit])
                        : fmt::format("{:.0f} {}", value, units[unit]);
}

bool is_exact(const Quantity& quantity) {
    const double observed = static_cast<double>(quantity.observed);
    return quantity.estimate == observed && quantity.lower == observed &&
           quantity.upper == observed;
}

std::string exact_amount(std::uint64_t bytes, std::uint64_t blocks, SizeStyle style) {
    return fmt::format("{} in {}", bytes_text(static_cast<double>(bytes), style),
                       blocks_text(static_cast<double>(blocks), style));
}

std::string observed_amount(const Quantity& bytes, const Quantity& blocks, SizeStyle style) {
    return exact_amount(bytes.observed, blocks.observed, style);
}

std::string estimated_amount(const Quantity& bytes, const Quantity& blocks, SizeStyle style) {
    if (is_exact(bytes) && is_exact(blocks)) return "";
    return fmt::format("estimated about {} ({} to {}) in about {} ({} to {})",
                       bytes_text(bytes.estimate, style), bytes_text(bytes.lower, style),
                       bytes_text(bytes.upper, style), blocks_text(blocks.estimate, style),
                       count_text(blocks.lower, style), count_text(blocks.upper, style));
}

std::string amount(const Quantity& bytes, const Quantity& blocks, SizeStyle style) {
    const std::string observed = observed_amount(bytes, blocks, style);
    const std::string estimated = estimated_amount(bytes, blocks, style);
    return estimated.empty() ? observed : fmt::format("observed {}, {}", observed, estimated);
}

std::string by_owner(OwnerKind kind, std::string_view name) {
    if (kind == OwnerKind::test) return fmt::format("by test {}", name);
    if (kind == OwnerKind::outside_tests) return "outside every test";
    return fmt::format("in {}", name);
}

std::string owner_name(const Leak& leak) {
    return cut(single_line(leak.test.value_or(leak.owner)), 300);
}

std::string why_not_gated(const Leak& leak) {
    switch (leak.not_gated) {
        case NotGated::none:
            return "";
        case NotGated::outside_tests:
            return "allocated outside every test (--gate-outside-tests counts it)";
        case NotGated::no_tests:
            return "the program runs no tests and no budget was given";
        case NotGated::abnormal_end:
            return "its process did not end normally";
        case NotGated::replaced:
            return "its process was replaced by exec";
        case NotGated::still_running:
            return "its process had not ended";
        case NotGated::death_test:
            return "made in the child of a death test";
        case NotGated::not_reproduced:
            return "the exact run of its test did not show it again";
        case NotGated::one_time:
            return "only the first repetition leaked it (--gate-one-time counts it)";
        case NotGated::kind:
            return why_kind_is_not_gated(leak.kind);
        case NotGated::suppressed:
            return "suppressed: " + cut(single_line(leak.suppression), 300);
        case NotGated::in_baseline:
            return "known from the baseline";
        case NotGated::known:
            break;
    }
    const std::string reason = cut(single_line(leak.known_reason), 300);
    return reason.empty() ? "recorded as known" : "recorded as known: " + reason;
}

std::string_view test_status_name(TestStatus status) {
    switch (status) {
        case TestStatus::clean:
            return "clean";
        case TestStatus::leaked:
            return "leaked";
        case TestStatus::within_budget:
            return "within_budget";
        case TestStatus::interrupted:
            break;
    }
    return "interrupted";
}

std::string how_it_ended(const ChildResult& child) {
    switch (child.end) {
        case ProcessEnd::exited:
            return fmt::format("exited with status {}", child.status);
        case ProcessEnd::running:
            return "had not ended";
        case ProcessEnd::replaced:
            return "was replaced by exec";
        case ProcessEnd::signaled:
            break;
    }
    return "died by " + signal_text(child.status, child.core_dumped);
}

bool is_inconclusive_reason(const Report& report, const Loss& loss) {
    const auto& reasons = report.verdict.inconclusive_reasons;
    return std::any_of(reasons.begin(), reasons.end(), [&](const std::string& reason) {
        return reason.find(loss.name) != std::string::npos;
    });
}

std::string_view verdict_word(VerdictStatus status) {
    switch (status) {
        case VerdictStatus::pass:
            return "PASS";
        case VerdictStatus::fail:
            return "FAIL";
        case VerdictStatus::inconclusive:
            break;
    }
    return "INCONCLUSIVE";
}

std::string run_summary(const Report& report) {
    return fmt::format("{}{}{}{} ({}){}", leaks_found(report), tests_affected(report),
                       known_found(report), others_found(report), coverage_note(report.sampling),
                       violent_end(report));
}

}  // namespace leakcheck
