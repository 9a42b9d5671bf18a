// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "runner/config/suppression_files.hpp"
#include "runner/config/text_lines.hpp"

namespace leakcheck {
namespace {

constexpr std::string_view leak_type = "leak:";

Suppression read_line(const std::string& name, const TextLine& line) {
    if (!line.text.starts_with(leak_type))
        throw JsonError(line.offset, fmt::format("\"{}\" is no suppression of leaks; LeakSanitizer "
                                                 "has lines such as leak:function_name",
                                                 line.text));
    const std::string_view pattern = line.text.substr(leak_type.size());
    if (pattern.empty())
        throw JsonError(line.offset,
                        "this suppression would take every leak; give a name behind "
                        "leak:");
    Suppression rule;
    rule.facts.name = line.text;
    rule.facts.source = fmt::format("{}:{}", name, line.number);
    rule.any_frame.emplace_back(pattern);
    return rule;
}

}  // namespace

std::vector<Suppression> read_lsan_suppressions(const std::string& name, const std::string& text) {
    std::vector<Suppression> rules;
    for (const TextLine& line : lines_of(text)) rules.push_back(read_line(name, line));
    return rules;
}

}  // namespace leakcheck
