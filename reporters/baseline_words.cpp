// SPDX-License-Identifier: Apache-2.0
#include "reporters/baseline_words.hpp"

#include <fmt/format.h>

#include "reporters/budget_words.hpp"
#include "reporters/function_name.hpp"
#include "reporters/text.hpp"
#include "reporters/wording.hpp"

namespace leakcheck {
namespace {

constexpr std::size_t longest_name = 300;
constexpr std::size_t longest_function = 100;

std::string short_text(const std::string& text) {
    return cut(single_line(text), longest_name);
}

std::string entry_amount(const BaselineEntry& entry) {
    const std::string limit = limit_words(entry.bytes, entry.blocks);
    return limit.empty() ? "any amount" : limit;
}

std::string entry_place(const BaselineEntry& entry) {
    std::string place;
    if (!entry.function.empty()) place += readable_function(entry.function, longest_function);
    if (!entry.file.empty()) place += (place.empty() ? "" : ", ") + short_text(entry.file);
    return place.empty() ? "" : " at " + place;
}

}  // namespace

std::string baseline_words(const BaselineResult& baseline) {
    std::string text =
        fmt::format("{}: {} new, {} known, {} grown, {} fixed", short_text(baseline.file),
                    grouped_digits(baseline.fresh), grouped_digits(baseline.known.leaks),
                    grouped_digits(baseline.grown), grouped_digits(baseline.fixed.size()));
    if (!baseline.fixed.empty())
        text += fmt::format(" (leakcheck baseline prune takes {} out)",
                            baseline.fixed.size() == 1 ? "it" : "them");
    return text;
}

std::string baseline_entry_words(const BaselineEntry& entry) {
    return fmt::format("{}: {}{} ({})", short_text(entry.test), entry_amount(entry),
                       entry_place(entry), short_text(entry.fingerprint));
}

std::string_view baseline_state_words(BaselineState state) {
    switch (state) {
        case BaselineState::fresh:
            return "new: not in the baseline";
        case BaselineState::known:
            return "known from the baseline";
        case BaselineState::grown:
            return "grown: more than in the baseline";
        case BaselineState::none:
            break;
    }
    return "";
}

std::string baseline_suffix(const Leak& leak) {
    if (leak.baseline_state == BaselineState::none || leak.baseline_state == BaselineState::known)
        return "";
    return fmt::format(" ({})", baseline_state_words(leak.baseline_state));
}

bool is_worth_telling(const SuppressionResult& result, bool verbose) {
    if (result.facts.built_in) return verbose && result.matched.leaks > 0;
    return verbose || !result.used;
}

std::string suppression_words(const SuppressionResult& result) {
    const std::string name =
        fmt::format("{} ({})", short_text(result.facts.name), short_text(result.facts.source));
    if (result.expired) return fmt::format("{}: ended on {}", name, result.facts.until);
    if (!result.used) return name + ": not used, no leak matches";
    const std::string amount =
        exact_amount(result.matched.bytes, result.matched.blocks, SizeStyle::rounded);
    const std::string reason =
        result.facts.reason.empty() ? "" : " (" + short_text(result.facts.reason) + ")";
    return fmt::format("{}: {} {}, {}{}", name, result.exceeded ? "exceeded by" : "took",
                       plural(result.matched.leaks, "leak"), amount, reason);
}

}  // namespace leakcheck
