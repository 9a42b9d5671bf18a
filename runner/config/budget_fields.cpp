// SPDX-License-Identifier: Apache-2.0
#include "runner/config/budget_fields.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace leakcheck {
namespace {

BudgetPer per_of(const LocatedJson& node) {
    const std::string& text = text_of(node);
    if (text == "run") return BudgetPer::run;
    if (text == "test") return BudgetPer::test;
    if (text == "site") return BudgetPer::site;
    throw JsonError(node.begin,
                    fmt::format("\"{}\" is not accepted; give run, test or site", text));
}

std::vector<Field> budget_fields(BudgetRule& rule) {
    return {
        text_field("name", rule.name, "what reports call this budget"),
        glob_field("tests", rule.tests,
                   "only leaks of tests whose name matches this glob, such as \"Db*.*\"; also "
                   "matches \"Suite (set-up)\" and \"outside tests\""),
        glob_field("sites", rule.sites,
                   "only leaks whose site is in a file that matches this glob, relative to the "
                   "source root, or in a function that does"),
        kinds_field("kinds", rule.kinds, "only leaks of these kinds"),
        size_field("max_bytes", rule.max_bytes, "leaked bytes that are allowed"),
        count_field("max_blocks", rule.max_blocks, "leaked blocks that are allowed"),
        {"per",
         "what is compared with the limits: all such leaks of the run together (default), those of "
         "each test, or those of each site",
         enum_schema({"run", "test", "site"}),
         [&rule](const LocatedJson& node) { rule.per = per_of(node); }},
        text_field("reason", rule.reason, "why this much is allowed"),
        day_field("until", rule.until,
                  "the last day of this budget; then a warning tells that it allows nothing"),
    };
}

BudgetRule read_budget(const LocatedJson& node) {
    BudgetRule rule;
    read_object(node, budget_fields(rule));
    if (rule.name.empty()) throw JsonError(node.begin, "this budget has no \"name\"");
    if (!rule.max_bytes && !rule.max_blocks)
        throw JsonError(node.begin, fmt::format("budget \"{}\" has no limit; give \"max_bytes\", "
                                                "\"max_blocks\" or both",
                                                rule.name));
    return rule;
}

}  // namespace

std::vector<BudgetRule> read_budgets(const LocatedJson& list) {
    std::vector<BudgetRule> rules;
    for (const LocatedJson& element : elements_of(list)) {
        BudgetRule rule = read_budget(element);
        const bool is_taken = std::any_of(rules.begin(), rules.end(), [&](const BudgetRule& other) {
            return other.name == rule.name;
        });
        if (is_taken)
            throw JsonError(element.begin,
                            fmt::format("there is a budget \"{}\" already", rule.name));
        rules.push_back(std::move(rule));
    }
    return rules;
}

JsonSchema budget_schema() {
    BudgetRule unused;
    JsonSchema schema = schema_of(budget_fields(unused), {"name"});
    for (const char* limit : {"max_bytes", "max_blocks"}) {
        JsonSchema has_limit;
        has_limit["required"] = JsonSchema::array({limit});
        schema["anyOf"].push_back(std::move(has_limit));
    }
    return schema;
}

}  // namespace leakcheck
