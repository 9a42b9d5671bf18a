// SPDX-License-Identifier: Apache-2.0
#include "runner/config/suppression_files.hpp"

#include <fmt/format.h>

#include <utility>

#include "runner/config/text_lines.hpp"

namespace leakcheck {
namespace {

TextTemplate template_of(const LocatedJson& node) {
    const std::string& text = text_of(node);
    if (text.find_first_not_of("*^$") == std::string::npos)
        throw JsonError(node.begin, fmt::format("\"{}\" would match every frame", text));
    return TextTemplate(text);
}

std::vector<FramePattern> patterns_of(const LocatedJson& node) {
    std::vector<FramePattern> patterns;
    for (const LocatedJson& element : elements_of(node))
        patterns.push_back(read_frame_pattern(text_of(element), element.begin));
    return patterns;
}

std::vector<Field> suppression_fields(Suppression& rule) {
    return {
        text_field("name", rule.facts.name, "what reports call this suppression"),
        {"leak",
         "only leaks with a frame whose function, file or module contains this; *, ^ and $ "
         "as in LeakSanitizer's suppressions",
         string_schema(),
         [&rule](const LocatedJson& node) { rule.any_frame = {template_of(node)}; }},
        {"stack",
         "only leaks whose innermost frames are these, as in the suppressions of valgrind: "
         "\"fun:NAME\", \"obj:FILE\", \"src:FILE:LINE\", \"...\" for any number of frames",
         array_schema(string_schema()),
         [&rule](const LocatedJson& node) { rule.innermost = patterns_of(node); }},
        glob_field("tests", rule.tests, "only leaks of tests whose name matches this glob"),
        kinds_field("kinds", rule.kinds, "only leaks of these kinds"),
        size_field("max_bytes", rule.facts.max_bytes,
                   "what it matches counts where it is more than this in all"),
        count_field("max_blocks", rule.facts.max_blocks,
                    "what it matches counts where it is more blocks than this in all"),
        text_field("reason", rule.facts.reason, "why these leaks do not count"),
        day_field("until", rule.facts.until,
                  "its last day; then a warning tells that it takes nothing"),
    };
}

// Of one rule.
JsonSchema suppression_schema() {
    Suppression unused;
    JsonSchema schema = schema_of(suppression_fields(unused), {"name"});
    for (const char* part : {"leak", "stack", "tests"}) {
        JsonSchema has_part;
        has_part["required"] = JsonSchema::array({part});
        schema["anyOf"].push_back(std::move(has_part));
    }
    return schema;
}

// The rules of a file of our own.
std::vector<Suppression> read_json(const std::string& name, const std::string& text) {
    const LocatedJson document = parse_located_json(text);
    std::vector<Suppression> rules;
    for (const JsonMember& member : members_of(document)) {
        if (member.key == "$schema") continue;
        if (member.key != "suppressions") refuse_key(member, {"suppressions", "$schema"});
        for (const LocatedJson& element : elements_of(member.value))
            rules.push_back(read_suppression(element, name));
    }
    return rules;
}

enum class Form { lsan, memcheck, json };

// Both memcheck's and ours begin with a brace; JSON has a key, a comment or nothing in it.
Form form_of(const std::string& text) {
    const auto lines = lines_of(text);
    if (lines.empty() || !lines.front().text.starts_with('{')) {
        const bool comment = !lines.empty() && lines.front().text.starts_with("/");
        return comment ? Form::json : Form::lsan;
    }
    const std::size_t next = text.find_first_not_of(" \t\r\n", lines.front().offset + 1);
    const bool is_json = next == std::string::npos || text[next] == '"' || text[next] == '/' ||
                         (text[next] == '}' && lines.front().text != "{");
    return is_json ? Form::json : Form::memcheck;
}

}  // namespace

Suppression read_suppression(const LocatedJson& node, const std::string& source) {
    Suppression rule;
    rule.facts.source = source;
    read_object(node, suppression_fields(rule));
    if (rule.facts.name.empty()) throw JsonError(node.begin, "this suppression has no \"name\"");
    if (rule.any_frame.empty() && rule.innermost.empty() && rule.tests.empty())
        throw JsonError(node.begin, fmt::format("suppression \"{}\" would take every leak; give "
                                                "\"leak\", \"stack\" or \"tests\"",
                                                rule.facts.name));
    return rule;
}

JsonSchema suppressions_schema() {
    JsonSchema properties;
    properties["suppressions"] = array_schema(suppression_schema());
    return file_schema("leakcheck suppressions", "Leaks that do not count, as JSON with comments.",
                       std::move(properties));
}

Outcome<std::vector<Suppression>> read_suppressions(const std::string& name,
                                                    const std::string& text) {
    try {
        switch (form_of(text)) {
            case Form::json:
                return read_json(name, text);
            case Form::memcheck:
                return read_memcheck_suppressions(name, text);
            case Form::lsan:
                break;
        }
        return read_lsan_suppressions(name, text);
    } catch (const JsonError& error) {
        return problem_at(name, text, error);
    }
}

}  // namespace leakcheck
