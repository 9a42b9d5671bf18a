// SPDX-License-Identifier: Apache-2.0
#include "runner/config/fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "analysis/glob.hpp"
#include "runner/cli/kind_list.hpp"
#include "runner/cli/nearest.hpp"
#include "runner/cli/values.hpp"

namespace leakcheck {
namespace {

[[noreturn]] void refuse_type(const LocatedJson& node, std::string_view wanted) {
    throw JsonError(node.begin, fmt::format("this is {}, not {}", node.type_name(), wanted));
}

std::optional<std::uint64_t> whole_number(const LocatedJson& node) {
    const auto* number = std::get_if<LocatedJson::Number>(&node.value);
    return number == nullptr ? std::nullopt : parse_number(number->text);
}

std::uint64_t size_of(const LocatedJson& node) {
    const auto* text = std::get_if<std::string>(&node.value);
    const auto size = text != nullptr ? parse_size(*text) : whole_number(node);
    if (!size)
        throw JsonError(node.begin,
                        "this is no size; give a number of bytes, or text such as \"10 kB\"");
    return *size;
}

std::uint64_t count_of(const LocatedJson& node) {
    const auto count = whole_number(node);
    if (!count) throw JsonError(node.begin, "this is no count; give a whole number, 0 or more");
    return *count;
}

bool is_day(const std::string& text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
    const auto number = [&](std::size_t first, std::size_t count) {
        const std::string digits = text.substr(first, count);
        return std::all_of(digits.begin(), digits.end(), is_digit) ? std::stoi(digits) : -1;
    };
    using namespace std::chrono;
    const int month_number = number(5, 2);
    const int day_number = number(8, 2);
    if (number(0, 4) < 0 || month_number < 0 || day_number < 0) return false;
    return year_month_day(year(number(0, 4)), month(static_cast<unsigned>(month_number)),
                          day(static_cast<unsigned>(day_number)))
        .ok();
}

const std::string& day_of(const LocatedJson& node) {
    const std::string& text = text_of(node);
    if (!is_day(text))
        throw JsonError(node.begin,
                        fmt::format("\"{}\" is no day; give one such as \"2027-01-31\"", text));
    return text;
}

const std::string& glob_of(const LocatedJson& node) {
    const std::string& text = text_of(node);
    if (const std::string fault = glob_fault(text); !fault.empty())
        throw JsonError(node.begin, fmt::format("the glob \"{}\" {}", text, fault));
    return text;
}

LeakKinds kinds_of(const LocatedJson& node) {
    const auto parsed = parse_kinds(kind_list_of(node));
    if (const auto* problem = std::get_if<Problem>(&parsed))
        throw JsonError(node.begin, problem->message);
    return std::get<LeakKinds>(parsed);
}

std::vector<std::string> kind_words() {
    std::vector<std::string> words;
    for (const auto& [kind, name] : leak_kind_names) words.emplace_back(name);
    words.emplace_back("all");
    return words;
}

template <typename Target, typename Convert>
Field field(std::string key, Target& target, std::string description, JsonSchema schema,
            Convert convert) {
    return {std::move(key), std::move(description), std::move(schema),
            [&target, convert](const LocatedJson& node) { target = convert(node); }};
}

}  // namespace

const LocatedJson::Object& members_of(const LocatedJson& node) {
    const auto* members = std::get_if<LocatedJson::Object>(&node.value);
    if (members == nullptr) refuse_type(node, "an object");
    return *members;
}

const LocatedJson::Array& elements_of(const LocatedJson& node) {
    const auto* elements = std::get_if<LocatedJson::Array>(&node.value);
    if (elements == nullptr) refuse_type(node, "an array");
    return *elements;
}

const std::string& text_of(const LocatedJson& node) {
    const auto* text = std::get_if<std::string>(&node.value);
    if (text == nullptr) refuse_type(node, "a string");
    return *text;
}

std::string kind_list_of(const LocatedJson& node) {
    if (std::holds_alternative<std::string>(node.value)) return text_of(node);
    std::string list;
    for (const LocatedJson& element : elements_of(node))
        list += (list.empty() ? "" : ",") + text_of(element);
    return list;
}

void refuse_key(const JsonMember& member, const std::vector<std::string>& known) {
    // Options are spelt with dashes on the command line.
    std::string spelt = member.key;
    std::replace(spelt.begin(), spelt.end(), '-', '_');
    const auto nearest = nearest_name(spelt, known);
    throw JsonError(
        member.key_begin,
        nearest
            ? fmt::format("unknown key \"{}\"; did you mean \"{}\"?", member.key, *nearest)
            : fmt::format("unknown key \"{}\"; known are {}", member.key, fmt::join(known, ", ")));
}

void read_object(const LocatedJson& node, const std::vector<Field>& fields) {
    for (const JsonMember& member : members_of(node)) {
        const auto found = std::find_if(fields.begin(), fields.end(),
                                        [&](const Field& one) { return one.key == member.key; });
        if (found != fields.end()) {
            found->take(member.value);
            continue;
        }
        std::vector<std::string> known;
        for (const Field& one : fields) known.push_back(one.key);
        refuse_key(member, known);
    }
}

JsonSchema schema_of(const std::vector<Field>& fields, const std::vector<std::string>& required) {
    JsonSchema properties = JsonSchema::object();
    for (const Field& one : fields) {
        properties[one.key] = {{"description", one.description}};
        properties[one.key].update(one.schema);
    }
    JsonSchema schema{
        {"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
    if (!required.empty()) schema["required"] = required;
    return schema;
}

JsonSchema file_schema(const std::string& title, const std::string& description,
                       JsonSchema properties) {
    JsonSchema schema;
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
    schema["title"] = title;
    schema["description"] = description;
    schema["type"] = "object";
    schema["additionalProperties"] = false;
    schema["properties"]["$schema"] = string_schema();
    schema["properties"].update(properties);
    return schema;
}

JsonSchema string_schema() {
    JsonSchema schema;
    schema["type"] = "string";
    return schema;
}

JsonSchema integer_schema(std::uint64_t least) {
    JsonSchema schema;
    schema["type"] = "integer";
    schema["minimum"] = least;
    return schema;
}

JsonSchema enum_schema(const std::vector<std::string>& words) {
    JsonSchema schema;
    schema["enum"] = words;
    return schema;
}

JsonSchema array_schema(JsonSchema items) {
    JsonSchema schema;
    schema["type"] = "array";
    schema["items"] = std::move(items);
    return schema;
}

JsonSchema any_of(std::vector<JsonSchema> schemas) {
    JsonSchema schema;
    schema["anyOf"] = std::move(schemas);
    return schema;
}

JsonSchema size_schema() {
    JsonSchema text = string_schema();
    text["pattern"] = "^[0-9]+ ?([kKmMgGtT][iI]?)?[bB]?$";
    return any_of({integer_schema(0), std::move(text)});
}

JsonSchema kinds_schema() {
    return any_of({array_schema(enum_schema(kind_words())), string_schema()});
}

Field text_field(std::string key, std::string& target, std::string description) {
    return field(std::move(key), target, std::move(description), string_schema(), text_of);
}

Field glob_field(std::string key, std::string& target, std::string description) {
    JsonSchema schema = string_schema();
    schema["minLength"] = 1;
    return field(std::move(key), target, std::move(description), std::move(schema), glob_of);
}

Field day_field(std::string key, std::string& target, std::string description) {
    JsonSchema schema = string_schema();
    schema["format"] = "date";
    return field(std::move(key), target, std::move(description), std::move(schema), day_of);
}

Field size_field(std::string key, std::optional<std::uint64_t>& target, std::string description) {
    return field(std::move(key), target, std::move(description), size_schema(), size_of);
}

Field count_field(std::string key, std::optional<std::uint64_t>& target, std::string description) {
    return field(std::move(key), target, std::move(description), integer_schema(0), count_of);
}

Field kinds_field(std::string key, std::optional<LeakKinds>& target, std::string description) {
    return field(std::move(key), target, std::move(description), kinds_schema(), kinds_of);
}

}  // namespace leakcheck
