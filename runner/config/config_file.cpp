// SPDX-License-Identifier: Apache-2.0
#include "runner/config/config_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "runner/config/budget_fields.hpp"
#include "runner/config/environments.hpp"

namespace leakcheck {
namespace {

namespace fs = std::filesystem;

using Type = OptionShape::Type;

constexpr std::string_view negation = "no-";

// --no-confirm says of "confirm" that it is false.
bool is_negation(const std::string& option, const OptionShapes& shapes) {
    return option.starts_with(negation) && shapes.count(option.substr(negation.size())) > 0;
}

const std::string& number_of(const LocatedJson& node) {
    const auto* number = std::get_if<LocatedJson::Number>(&node.value);
    if (number == nullptr)
        throw JsonError(node.begin, fmt::format("this is {}, not a number", node.type_name()));
    return number->text;
}

bool truth_of(const LocatedJson& node) {
    const auto* truth = std::get_if<bool>(&node.value);
    if (truth == nullptr)
        throw JsonError(node.begin, fmt::format("this is {}, not true or false", node.type_name()));
    return *truth;
}

const std::string& filled_text_of(const LocatedJson& node) {
    const std::string& text = text_of(node);
    if (text.empty()) throw JsonError(node.begin, "this is empty; leave the key out instead");
    return text;
}

class OptionReader {
  public:
    OptionReader(const OptionShapes& shapes, fs::path folder)
        : shapes_(shapes), folder_(std::move(folder)) {}

    bool knows(const std::string& key) const { return find(key) != shapes_.end(); }

    std::vector<std::string> keys() const {
        std::vector<std::string> keys;
        for (const auto& [option, shape] : shapes_)
            if (is_config_key(option, shapes_)) keys.push_back(key_of(option));
        return keys;
    }

    // Of a key that is known.
    Setting read(const JsonMember& member) const {
        const auto& [option, shape] = *find(member.key);
        Setting setting{option, {}, member.key, member.value.begin};
        if (shape.type == Type::flag) return read_flag(std::move(setting), member.value);
        for (const std::string& value : values(shape, member.value))
            setting.arguments.push_back(fmt::format("--{}={}", option, value));
        return setting;
    }

  private:
    OptionShapes::const_iterator find(const std::string& key) const {
        return std::find_if(shapes_.begin(), shapes_.end(), [&](const auto& entry) {
            return is_config_key(entry.first, shapes_) && key_of(entry.first) == key;
        });
    }

    Setting read_flag(Setting setting, const LocatedJson& node) const {
        const std::string opposite = std::string(negation) + setting.option;
        if (truth_of(node)) {
            setting.arguments = {"--" + setting.option};
        } else if (shapes_.count(opposite) > 0) {
            setting.option = opposite;
            setting.arguments = {"--" + opposite};
        }
        return setting;
    }

    std::vector<std::string> values(const OptionShape& shape, const LocatedJson& node) const {
        switch (shape.type) {
            case Type::number:
                return {number_of(node)};
            case Type::size:
                if (std::holds_alternative<LocatedJson::Number>(node.value))
                    return {number_of(node)};
                return {filled_text_of(node)};
            case Type::kinds:
                return {kind_list_of(node)};
            case Type::path:
                return {path(filled_text_of(node))};
            case Type::texts:
            case Type::paths:
                return list(shape.type, node);
            case Type::choice:
            case Type::text:
            case Type::flag:
                break;
        }
        return {filled_text_of(node)};
    }

    std::vector<std::string> list(Type type, const LocatedJson& node) const {
        std::vector<std::string> values;
        for (const LocatedJson& element : elements_of(node)) {
            const std::string& text = filled_text_of(element);
            values.push_back(type == Type::paths ? path(text) : text);
        }
        return values;
    }

    std::string path(const std::string& text) const { return (folder_ / text).string(); }

    const OptionShapes& shapes_;
    fs::path folder_;
};

class ConfigReader {
  public:
    ConfigReader(const ConfigText& config, const OptionShapes& shapes)
        : config_(config), options_(shapes, config.path.parent_path()) {}

    ConfigFile read() {
        const LocatedJson document = parse_located_json(config_.text);
        for (const JsonMember& member : members_of(document)) read_member(member);
        return std::move(file_);
    }

  private:
    void read_member(const JsonMember& member) {
        if (member.key == "$schema") {
            text_of(member.value);
        } else if (member.key == "budgets") {
            file_.budgets = read_budgets(member.value);
        } else if (member.key == "environments") {
            read_environments(member.value);
        } else if (options_.knows(member.key)) {
            file_.options.push_back(options_.read(member));
        } else {
            std::vector<std::string> known = options_.keys();
            known.insert(known.end(), {"budgets", "environments", "$schema"});
            refuse_key(member, known);
        }
    }

    void read_environments(const LocatedJson& node) {
        const std::vector<std::string> names = environment_names();
        for (const JsonMember& member : members_of(node)) {
            if (std::find(names.begin(), names.end(), member.key) == names.end())
                refuse_key(member, names);
            file_.environments[member.key] = read_environment(member.value);
        }
    }

    Layer read_environment(const LocatedJson& node) {
        Layer layer;
        for (const JsonMember& member : members_of(node)) {
            if (!options_.knows(member.key)) refuse_key(member, options_.keys());
            if (member.key == "environment")
                throw JsonError(member.key_begin, "an environment cannot choose another one");
            layer.push_back(options_.read(member));
        }
        return layer;
    }

    const ConfigText& config_;
    OptionReader options_;
    ConfigFile file_;
};

}  // namespace

bool is_config_key(const std::string& option, const OptionShapes& shapes) {
    constexpr std::array<std::string_view, 3> command_line_only{"as-root", "config", "no-config"};
    return std::find(command_line_only.begin(), command_line_only.end(), option) ==
               command_line_only.end() &&
           !is_negation(option, shapes);
}

std::string key_of(const std::string& option) {
    std::string key = option;
    std::replace(key.begin(), key.end(), '-', '_');
    return key;
}

ConfigFile read_config(const ConfigText& config, const OptionShapes& shapes) {
    return ConfigReader(config, shapes).read();
}

}  // namespace leakcheck
