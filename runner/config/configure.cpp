// SPDX-License-Identifier: Apache-2.0
#include "runner/config/configure.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <utility>

#include "runner/cli/run_options.hpp"
#include "runner/config/config_file.hpp"
#include "runner/config/environments.hpp"

namespace leakcheck {
namespace {

// A parser of the options of a run whose result nobody keeps.
struct TrialParser {
    CLI::App app{"", "leakcheck"};
    Options options;
    OptionShapes shapes;

    TrialParser() { add_run_options(app, options, shapes); }
    TrialParser(const TrialParser&) = delete;
    TrialParser& operator=(const TrialParser&) = delete;
};

// What the parser has against these values by themselves; empty if nothing.
std::string refusal(const Setting& setting) {
    TrialParser trial;
    try {
        trial.app.parse(
            std::vector<std::string>(setting.arguments.rbegin(), setting.arguments.rend()));
    } catch (const CLI::ParseError& error) {
        const std::string message = error.what();
        const std::string name = "--" + setting.option;
        return message.starts_with(name) ? setting.key + message.substr(name.size()) : message;
    }
    return {};
}

void check_together(CLI::App& app, const Layer& layer) {
    for (auto later = layer.begin(); later != layer.end(); ++later) {
        const auto earlier = std::find_if(layer.begin(), later, [&](const Setting& one) {
            return !one.arguments.empty() && !later->arguments.empty() &&
                   exclude_each_other(app, one.option, later->option);
        });
        if (earlier != later)
            throw JsonError(later->offset, fmt::format("{} and {} exclude each other; keep one",
                                                       earlier->key, later->key));
    }
}

void check(CLI::App& app, const Layer& layer) {
    for (const Setting& setting : layer) {
        if (const std::string message = refusal(setting); !message.empty())
            throw JsonError(setting.offset, message);
    }
    check_together(app, layer);
}

Outcome<ConfigFile> read_and_check(TrialParser& parser, const ConfigText& config) {
    try {
        ConfigFile file = read_config(config, parser.shapes);
        check(parser.app, file.options);
        for (const auto& [name, layer] : file.environments) check(parser.app, layer);
        return file;
    } catch (const JsonError& error) {
        return problem_at(config.name, config.text, error);
    }
}

Outcome<std::optional<ConfigText>> find_config(const Options& given, const ConfigSource& source) {
    if (given.no_config) return std::optional<ConfigText>();
    return source(given.config);
}

// The command line's, else the file's; empty if neither names one.
std::string choose_environment(const Options& given, const Layer& options) {
    if (!given.environment.empty()) return given.environment;
    const std::string prefix = "--environment=";
    for (const Setting& setting : options)
        if (setting.option == "environment") return setting.arguments[0].substr(prefix.size());
    return {};
}

}  // namespace

Outcome<Configured> configure(const Options& given, const SplitArguments& split,
                              const ConfigSource& source) {
    TrialParser parser;
    auto found = find_config(given, source);
    if (const auto* problem = std::get_if<Problem>(&found)) return *problem;
    const auto& config = std::get<std::optional<ConfigText>>(found);
    Configured result;
    ConfigFile file;
    if (config) {
        auto read = read_and_check(parser, *config);
        if (const auto* problem = std::get_if<Problem>(&read)) return *problem;
        file = std::get<ConfigFile>(std::move(read));
        result.config_path = config->path;
        result.config_name = config->name;
        result.budgets = std::move(file.budgets);
    }
    const std::string environment = choose_environment(given, file.options);
    result.arguments = merge_layers(parser.app, {layer_of_environment(environment), file.options,
                                                 file.environments[environment], layer_of(split)});
    return result;
}

}  // namespace leakcheck
