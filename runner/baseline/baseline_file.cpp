// SPDX-License-Identifier: Apache-2.0
#include "runner/baseline/baseline_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

namespace leakcheck {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* generated_key = "generated";
constexpr const char* kept_key = "kept";

std::vector<Field> common_fields(BaselineEntry& entry) {
    return {text_field("test", entry.test, "name of the test, or of what else owns the leak"),
            text_field("fingerprint", entry.fingerprint, "of the leak, as reports have it"),
            size_field("bytes", entry.bytes, "the leak is known up to as many bytes"),
            count_field("blocks", entry.blocks, "the leak is known up to as many blocks"),
            text_field("kind", entry.kind, "of the leak, for readers"),
            text_field("function", entry.function, "where it is made, for readers"),
            text_field("file", entry.file, "where it is made, for readers"),
            text_field("program", entry.program,
                       "name of the program; only its runs tell that the leak is gone")};
}

std::vector<Field> fields_by_hand(BaselineEntry& entry) {
    std::vector<Field> fields = common_fields(entry);
    fields.push_back(text_field("reason", entry.reason, "why the leak is left as it is"));
    fields.push_back(day_field("until", entry.until, "the last day on which it is known"));
    return fields;
}

BaselineEntry read_entry(const LocatedJson& node, bool by_hand) {
    BaselineEntry entry;
    entry.by_hand = by_hand;
    read_object(node, by_hand ? fields_by_hand(entry) : common_fields(entry));
    if (entry.test.empty()) throw JsonError(node.begin, "this entry has no \"test\"");
    if (entry.fingerprint.empty()) throw JsonError(node.begin, "this entry has no \"fingerprint\"");
    return entry;
}

void read_list(const LocatedJson* list, bool by_hand, std::vector<BaselineEntry>& entries) {
    if (list == nullptr) return;
    for (const LocatedJson& element : elements_of(*list))
        entries.push_back(read_entry(element, by_hand));
}

LocatedJson parse_document(const std::string& text) {
    LocatedJson document = parse_located_json(text);
    for (const JsonMember& member : members_of(document)) {
        const auto known = {std::string("$schema"), std::string(kept_key),
                            std::string(generated_key)};
        if (std::find(known.begin(), known.end(), member.key) == known.end())
            refuse_key(member, known);
    }
    return document;
}

Json json_of(const BaselineEntry& entry) {
    Json json{{"test", entry.test}, {"fingerprint", entry.fingerprint}};
    if (entry.bytes) json["bytes"] = *entry.bytes;
    if (entry.blocks) json["blocks"] = *entry.blocks;
    for (const auto& [key, text] :
         {std::pair("kind", &entry.kind), std::pair("function", &entry.function),
          std::pair("file", &entry.file), std::pair("program", &entry.program)})
        if (!text->empty()) json[key] = *text;
    return json;
}

// The list with its brackets, an entry a line.
std::string list_text(std::vector<BaselineEntry> entries) {
    std::sort(entries.begin(), entries.end(), [](const BaselineEntry& a, const BaselineEntry& b) {
        return std::tie(a.test, a.fingerprint) < std::tie(b.test, b.fingerprint);
    });
    std::string text = "[";
    for (const BaselineEntry& entry : entries) {
        text += text.size() > 1 ? ",\n    " : "\n    ";
        text += json_of(entry).dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    return text + (entries.empty() ? "]" : "\n  ]");
}

}  // namespace

Outcome<std::vector<BaselineEntry>> read_baseline(const std::string& name,
                                                  const std::string& text) {
    try {
        const LocatedJson document = parse_document(text);
        std::vector<BaselineEntry> entries;
        read_list(document.find(kept_key), true, entries);
        read_list(document.find(generated_key), false, entries);
        return entries;
    } catch (const JsonError& error) {
        return problem_at(name, text, error);
    }
}

std::string new_baseline(std::vector<BaselineEntry> generated) {
    return fmt::format(
        "{{\n"
        "  // Leaks that are known. What is kept by hand stays as it is: entries as below, with "
        "\"reason\" and\n"
        "  // \"until\" where you like. Without \"bytes\" and \"blocks\" any amount is known.\n"
        "  \"{}\": [],\n"
        "\n"
        "  // Written by leakcheck baseline create, update and prune.\n"
        "  \"{}\": {}\n"
        "}}\n",
        kept_key, generated_key, list_text(std::move(generated)));
}

Outcome<std::string> replace_generated(const std::string& name, const std::string& text,
                                       std::vector<BaselineEntry> generated) {
    try {
        const LocatedJson document = parse_document(text);
        const LocatedJson* list = document.find(generated_key);
        if (list == nullptr)
            throw JsonError(document.begin, "there is no list \"generated\" to write to");
        return text.substr(0, list->begin) + list_text(std::move(generated)) +
               text.substr(list->end);
    } catch (const JsonError& error) {
        return problem_at(name, text, error);
    }
}

JsonSchema baseline_schema() {
    BaselineEntry unused;
    const std::vector<std::string> required{"test", "fingerprint"};
    JsonSchema properties;
    properties[kept_key] = array_schema(schema_of(fields_by_hand(unused), required));
    properties[kept_key]["description"] = "written by hand, and never changed";
    properties[generated_key] = array_schema(schema_of(common_fields(unused), required));
    properties[generated_key]["description"] =
        "written by leakcheck baseline create, update and prune";
    return file_schema("leakcheck baseline", "Leaks that are known, as JSON with comments.",
                       std::move(properties));
}

}  // namespace leakcheck
