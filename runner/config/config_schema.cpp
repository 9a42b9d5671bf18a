// SPDX-License-Identifier: Apache-2.0
#include "runner/config/config_schema.hpp"

#include <CLI/CLI.hpp>
#include <string>
#include <utility>

#include "runner/cli/options.hpp"
#include "runner/cli/run_options.hpp"
#include "runner/config/budget_fields.hpp"
#include "runner/config/config_file.hpp"
#include "runner/config/environments.hpp"

namespace leakcheck {
namespace {

using Type = OptionShape::Type;

JsonSchema typed(const char* type) {
    JsonSchema schema;
    schema["type"] = type;
    return schema;
}

JsonSchema filled_string() {
    JsonSchema schema = string_schema();
    schema["minLength"] = 1;
    return schema;
}

JsonSchema number_in(Range range) {
    JsonSchema schema = integer_schema(range.lowest);
    if (range.highest != any_number.highest) schema["maximum"] = range.highest;
    return schema;
}

JsonSchema schema_of(const OptionShape& shape) {
    switch (shape.type) {
        case Type::flag:
            return typed("boolean");
        case Type::number:
            return number_in(shape.range);
        case Type::size:
            return size_schema();
        case Type::choice:
            return enum_schema(shape.choices);
        case Type::kinds:
            return kinds_schema();
        case Type::texts:
        case Type::paths:
            return array_schema(filled_string());
        case Type::text:
        case Type::path:
            break;
    }
    return filled_string();
}

std::string description_of(const CLI::Option& option, const OptionShape& shape) {
    const std::string help = option.get_description();
    const bool is_path = shape.type == Type::path || shape.type == Type::paths;
    return is_path ? help + "; relative to the folder of this file" : help;
}

// Every option of a run under its key.
JsonSchema option_properties() {
    CLI::App app;
    Options unused;
    OptionShapes shapes;
    add_run_options(app, unused, shapes);
    JsonSchema properties = JsonSchema::object();
    for (const auto& [option, shape] : shapes) {
        if (!is_config_key(option, shapes)) continue;
        JsonSchema& property = properties[key_of(option)];
        property["description"] = description_of(*app.get_option("--" + option), shape);
        property.update(schema_of(shape));
    }
    return properties;
}

JsonSchema closed_object(JsonSchema properties) {
    JsonSchema schema = typed("object");
    schema["additionalProperties"] = false;
    schema["properties"] = std::move(properties);
    return schema;
}

JsonSchema environments_schema() {
    JsonSchema properties = JsonSchema::object();
    for (const std::string& name : environment_names())
        properties[name]["$ref"] = "#/$defs/options";
    JsonSchema schema = closed_object(std::move(properties));
    schema["description"] =
        "options for one environment (--environment), which win over those beside this";
    return schema;
}

JsonSchema definitions(const JsonSchema& options) {
    JsonSchema of_environment = options;
    of_environment.erase("environment");
    JsonSchema schema;
    schema["options"] = closed_object(std::move(of_environment));
    schema["budget"] = budget_schema();
    return schema;
}

JsonSchema budgets_schema() {
    JsonSchema one;
    one["$ref"] = "#/$defs/budget";
    JsonSchema schema = array_schema(std::move(one));
    schema["description"] =
        "budgets for some of the leaks; of those that match a leak the most specific one counts";
    return schema;
}

}  // namespace

JsonSchema config_schema() {
    const JsonSchema options = option_properties();
    JsonSchema properties = options;
    properties["budgets"] = budgets_schema();
    properties["environments"] = environments_schema();
    JsonSchema schema = file_schema(
        "leakcheck configuration",
        "leakcheck.json: options and budgets of a run, as JSON with comments. Options are those of "
        "the command line, with _ for -, and what the command line says wins.",
        std::move(properties));
    schema["$defs"] = definitions(options);
    return schema;
}

}  // namespace leakcheck
