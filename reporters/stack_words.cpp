// SPDX-License-Identifier: Apache-2.0
#include "reporters/stack_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "reporters/wording.hpp"

namespace leakcheck {
namespace {

struct Incomplete {
    std::uint64_t StackStatistics::*count;
    std::string_view how;
    std::string_view meaning;
};

constexpr std::array<Incomplete, 3> incomplete_statuses{{
    {&StackStatistics::frame_pointer, "by frame pointers",
     "no unwind information covers some of the code, so that callers may be missing"},
    {&StackStatistics::truncated, "cut short",
     "by the depth limit, unreadable memory or unwind information that cannot be followed; callers "
     "are missing"},
    {&StackStatistics::missing, "no table",
     "no unwind information covers the code and frame pointers lead nowhere, or no stack was kept"},
}};

bool is_complete(const StackStatistics& statistics) {
    return statistics.complete == statistics.total();
}

std::string part_of(std::uint64_t part, std::uint64_t whole, std::string_view noun) {
    return fmt::format("{} of {}", grouped_digits(part), plural(whole, noun));
}

}  // namespace

double percentage(std::uint64_t part, std::uint64_t whole) {
    if (part == whole) return 100;
    if (part == 0) return 0;
    const double exact = 100 * static_cast<double>(part) / static_cast<double>(whole);
    return std::clamp(std::round(exact * 100) / 100, 0.01, 99.99);
}

std::string percentage_text(std::uint64_t part, std::uint64_t whole) {
    return fmt::format("{} %", percentage(part, whole));
}

bool all_complete(const StackSummary& summary) {
    return is_complete(summary.allocations) && is_complete(summary.leaked_blocks);
}

std::string stack_summary_text(const StackSummary& summary) {
    const StackStatistics& allocations = summary.allocations;
    const StackStatistics& leaked = summary.leaked_blocks;
    const StackStatistics& base = allocations.total() > 0 ? allocations : leaked;
    const std::string_view noun = allocations.total() > 0 ? "allocation" : "leaked block";
    if (base.total() == 0) return "";
    if (all_complete(summary)) {
        return fmt::format("100 % complete ({})", plural(base.total(), noun));
    }
    std::string counts = part_of(base.complete, base.total(), noun);
    if (&base != &leaked && leaked.total() > 0) {
        counts += ", " + part_of(leaked.complete, leaked.total(), "leaked block");
    }
    return fmt::format("{} complete ({})", percentage_text(base.complete, base.total()), counts);
}

std::vector<std::string> incomplete_stack_texts(const StackSummary& summary) {
    std::vector<std::string> texts;
    for (const Incomplete& status : incomplete_statuses) {
        const std::uint64_t allocations = summary.allocations.*status.count;
        const std::uint64_t leaked = summary.leaked_blocks.*status.count;
        if (allocations == 0 && leaked == 0) continue;
        std::string counts = allocations > 0 ? plural(allocations, "allocation") : "";
        if (leaked > 0) counts += (counts.empty() ? "" : ", ") + plural(leaked, "leaked block");
        const std::uint64_t total = summary.allocations.total();
        const std::string share =
            allocations > 0 ? percentage_text(allocations, total) + " " : std::string();
        texts.push_back(fmt::format("{}{} ({}): {}", share, status.how, counts, status.meaning));
    }
    return texts;
}

std::string stack_remark(const Leak& leak) {
    switch (leak.stack_status) {
        case StackStatus::complete:
            return "";
        case StackStatus::frame_pointer:
            return "a step was guessed by frame pointers: callers may be missing";
        case StackStatus::truncated:
            return "cut short: callers are missing";
        case StackStatus::missing:
            break;
    }
    return leak.stack.empty() ? "no stack was kept" : "no table for this code: callers are missing";
}

}  // namespace leakcheck
