// SPDX-License-Identifier: Apache-2.0
//
// Objects in files that people write: which keys there are, what each takes, and the JSON Schema that says so to
// editors, all from one table. Thread safety: free functions without state. Errors: JsonError.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "analysis/leak_kinds.hpp"
#include "runner/config/located_json.hpp"

namespace leakcheck {

using JsonSchema = nlohmann::ordered_json;

struct Field {
    std::string key;
    std::string description;
    JsonSchema schema;  // of its value
    std::function<void(const LocatedJson&)> take;
};

// Gives each member to its field. An unknown key is an error that names the nearest known one.
void read_object(const LocatedJson& node, const std::vector<Field>& fields);
// Refuses a key that is none of `known`.
[[noreturn]] void refuse_key(const JsonMember& member, const std::vector<std::string>& known);
// The members of an object, in order; refuses what is no object.
const LocatedJson::Object& members_of(const LocatedJson& node);
const LocatedJson::Array& elements_of(const LocatedJson& node);

// An object of these fields and no others. `required`: keys.
JsonSchema schema_of(const std::vector<Field>& fields, const std::vector<std::string>& required);

// Fields of each sort of value; each refuses other types and values.
Field text_field(std::string key, std::string& target, std::string description);
Field glob_field(std::string key, std::string& target, std::string description);
// A day, "2027-01-31".
Field day_field(std::string key, std::string& target, std::string description);
Field size_field(std::string key, std::optional<std::uint64_t>& target, std::string description);
Field count_field(std::string key, std::optional<std::uint64_t>& target, std::string description);
Field kinds_field(std::string key, std::optional<LeakKinds>& target, std::string description);

// The beginning of a schema: of a file that is an object without other keys than `properties`.
JsonSchema file_schema(const std::string& title, const std::string& description,
                       JsonSchema properties);

// Schemas of values.
JsonSchema string_schema();
JsonSchema integer_schema(std::uint64_t least);
JsonSchema enum_schema(const std::vector<std::string>& words);
JsonSchema array_schema(JsonSchema items);
JsonSchema any_of(std::vector<JsonSchema> schemas);
JsonSchema size_schema();
JsonSchema kinds_schema();

// A string, or JsonError.
const std::string& text_of(const LocatedJson& node);
// An array of kinds, or a string with commas between them, as the options have it.
std::string kind_list_of(const LocatedJson& node);

}  // namespace leakcheck
