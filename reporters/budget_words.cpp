// SPDX-License-Identifier: Apache-2.0
#include "reporters/budget_words.hpp"

#include <fmt/format.h>

#include "reporters/text.hpp"
#include "reporters/wording.hpp"

namespace leakcheck {
namespace {

constexpr std::size_t longest_name = 300;

std::string short_text(const std::string& text) {
    return cut(single_line(text), longest_name);
}

std::string scopes_words(const BudgetResult& result) {
    switch (result.rule.per) {
        case BudgetPer::test:
            return " in " + plural(result.scopes, "test");
        case BudgetPer::site:
            return " at " + plural(result.scopes, "site");
        case BudgetPer::run:
            break;
    }
    return "";
}

}  // namespace

std::string limit_words(const std::optional<std::uint64_t>& bytes,
                        const std::optional<std::uint64_t>& blocks) {
    std::string text;
    if (bytes) text += human_size(static_cast<double>(*bytes));
    if (bytes && blocks) text += " in ";
    if (blocks) text += plural(*blocks, "block");
    return text;
}

std::string budget_use_words(const BudgetResult& result) {
    const std::string name = short_text(result.rule.name);
    if (result.expired) return fmt::format("{}: ended on {}", name, result.rule.until);
    if (result.leaks == 0)
        return fmt::format("{}: not used, {} allowed", name,
                           limit_words(result.rule.max_bytes, result.rule.max_blocks));
    const std::string fullest =
        result.rule.per == BudgetPer::run
            ? ""
            : (result.scopes > 1 ? "most in " : "") + short_text(result.fullest) + ": ";
    const std::string reason =
        result.rule.reason.empty() ? "" : " (" + short_text(result.rule.reason) + ")";
    return fmt::format("{}: {}{}; {}{}, {} allowed{}", name, plural(result.leaks, "leak"),
                       scopes_words(result), fullest,
                       amount(result.bytes, result.blocks, SizeStyle::rounded),
                       limit_words(result.rule.max_bytes, result.rule.max_blocks), reason);
}

}  // namespace leakcheck
