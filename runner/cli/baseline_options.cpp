// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/baseline_options.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "runner/cli/nearest.hpp"
#include "runner/cli/option_adder.hpp"

namespace leakcheck {
namespace {

using Action = BaselineOptions::Action;

constexpr const char* usage =
    "leakcheck baseline create|update|show|prune --baseline FILE [RESULT.json...]";

constexpr const char* help_text =
    "Usage: leakcheck baseline ACTION --baseline FILE [RESULT.json...]\n"
    "\n"
    "Keeps the file of known leaks that leakcheck --baseline FILE compares a run with. Results "
    "are\n"
    "those of leakcheck --json.\n"
    "\n"
    "  create          a new file with the leaks of the results\n"
    "  update          take out what is fixed, lower what has become less\n"
    "  prune           take out what is fixed\n"
    "  show            print what is known; with results: what is new, grown, fixed\n"
    "\n"
    "  --baseline FILE the file\n"
    "  --allow-growth  update: take in what is new or has grown\n"
    "  -h,--help       print this help\n"
    "\n"
    "A leak is fixed where a result of the same program has its test run to the end, every block\n"
    "counted, without it. What is written by hand under \"kept\" is never changed.\n";

UsageError usage_error(std::string message) {
    return {own_error_status, std::move(message)};
}

std::optional<Action> find_action(const std::string& word) {
    constexpr std::array<std::pair<const char*, Action>, 4> actions{{{"create", Action::create},
                                                                     {"update", Action::update},
                                                                     {"show", Action::show},
                                                                     {"prune", Action::prune}}};
    const auto found = std::find_if(actions.begin(), actions.end(),
                                    [&](const auto& one) { return word == one.first; });
    return found == actions.end() ? std::nullopt : std::optional(found->second);
}

// Options may stand between the results.
std::optional<UsageError> take_arguments(std::span<const std::string> arguments,
                                         BaselineOptions& options) {
    CLI::App app{"", "leakcheck baseline"};
    std::optional<std::filesystem::path> file;
    OptionShapes unused;
    OptionAdder add(app, "Baseline", unused);
    add.path("--baseline", "FILE", file, "");
    add.flag("--allow-growth", "", [&options] { options.allow_growth = true; });
    app.add_option("RESULT", options.results);
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    try {
        app.parse(std::move(reversed));
    } catch (const CLI::ParseError& error) {
        return usage_error(fmt::format("baseline: {}; usage: {}", error.what(), usage));
    }
    if (!file) return usage_error(fmt::format("baseline: which file? usage: {}", usage));
    options.file = *file;
    return std::nullopt;
}

std::optional<UsageError> check(const BaselineOptions& options, const std::string& action) {
    if (options.results.empty() && options.action != Action::show)
        return usage_error(fmt::format(
            "baseline {}: from which results? give files that leakcheck --json wrote", action));
    if (options.allow_growth && options.action != Action::update)
        return usage_error("--allow-growth is for baseline update");
    return std::nullopt;
}

}  // namespace

ParseResult parse_baseline(std::span<const std::string> arguments) {
    const auto asks_for_help = [](const std::string& one) {
        return one == "--help" || one == "-h";
    };
    if (std::any_of(arguments.begin(), arguments.end(), asks_for_help))
        return ExitNow{0, help_text};
    if (arguments.empty()) return usage_error(fmt::format("usage: {}", usage));
    const std::string& word = arguments.front();
    const auto action = find_action(word);
    if (!action) {
        const auto near = nearest_name(word, {"create", "update", "show", "prune"});
        return usage_error(fmt::format("baseline: \"{}\" is no action{}; usage: {}", word,
                                       near ? fmt::format(" (did you mean {}?)", *near) : "",
                                       usage));
    }
    BaselineOptions options;
    options.action = *action;
    if (auto error = take_arguments(arguments.subspan(1), options)) return *error;
    if (auto error = check(options, word)) return *error;
    return options;
}

}  // namespace leakcheck
