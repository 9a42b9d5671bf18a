// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/arguments.hpp"

#include <fmt/core.h>

#include <optional>
#include <string_view>

#include "runner/cli/nearest.hpp"

namespace leakcheck {
namespace {

// An argument taken apart: "--name", "--name=value", "-n" or "-nvalue".
struct Token {
    std::string name;  // with its dashes
    std::optional<std::string> value;
};

Token take_apart(const std::string& argument) {
    if (argument.starts_with("--")) {
        const std::size_t equals = argument.find('=');
        if (equals == std::string::npos) return {argument, std::nullopt};
        return {argument.substr(0, equals), argument.substr(equals + 1)};
    }
    if (argument.size() == 2) return {argument, std::nullopt};
    return {argument.substr(0, 2), argument.substr(2)};
}

std::vector<std::string> known_names(CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
    return names;
}

Problem unknown_option(CLI::App& app, const std::string& name) {
    // A short name is near to every other short name, so there is nothing to guess from.
    const auto guess = name.starts_with("--") ? nearest_name(name, known_names(app)) : std::nullopt;
    if (guess) return {fmt::format("unknown option {}; did you mean {}?", name, *guess)};
    return {fmt::format("unknown option {}; leakcheck --help lists the known ones", name)};
}

bool takes_value(const CLI::Option& option) {
    return option.get_items_expected_max() > 0;
}

class Splitter {
  public:
    Splitter(CLI::App& app, std::span<const std::string> arguments) : app_(app), rest_(arguments) {}

    Outcome<SplitArguments> split() {
        while (!rest_.empty() && is_option(rest_.front())) {
            if (rest_.front() == "--") {
                result_.separator = Separator::present;
                rest_ = rest_.subspan(1);
                break;
            }
            if (auto problem = take_option()) return *problem;
        }
        result_.command.assign(rest_.begin(), rest_.end());
        return result_;
    }

  private:
    static bool is_option(const std::string& argument) {
        return argument.size() > 1 && argument.front() == '-';
    }

    std::optional<Problem> take_option() {
        const Token token = take_apart(rest_.front());
        rest_ = rest_.subspan(1);
        const CLI::Option* option = app_.get_option_no_throw(token.name);
        if (option == nullptr && withdraw(token)) return std::nullopt;
        if (option == nullptr) return unknown_option(app_, token.name);
        if (!takes_value(*option)) return take_flag(token, *option);
        return take_value(token, *option);
    }

    // --no-FLAG: what was said of --FLAG elsewhere does not hold.
    bool withdraw(const Token& token) {
        constexpr std::string_view negation = "--no-";
        if (!token.name.starts_with(negation) || token.value) return false;
        const std::string flag = "--" + token.name.substr(negation.size());
        const CLI::Option* option = app_.get_option_no_throw(flag);
        if (option == nullptr || takes_value(*option)) return false;
        result_.withdrawn.push_back(option->get_lnames().front());
        return true;
    }

    std::optional<Problem> take_flag(const Token& token, const CLI::Option& option) {
        if (token.value) return Problem{fmt::format("{} takes no value", token.name)};
        result_.options.push_back("--" + option.get_lnames().front());
        return std::nullopt;
    }

    std::optional<Problem> take_value(const Token& token, const CLI::Option& option) {
        std::optional<std::string> value = token.value;
        if (!value && !rest_.empty() && rest_.front() != "--") {
            value = rest_.front();
            rest_ = rest_.subspan(1);
        }
        if (!value || value->empty()) {
            return Problem{fmt::format("{} needs a value: {} {}", token.name, token.name,
                                       option.get_type_name())};
        }
        result_.options.push_back("--" + option.get_lnames().front() + "=" + *value);
        return std::nullopt;
    }

    CLI::App& app_;
    std::span<const std::string> rest_;
    SplitArguments result_;
};

}  // namespace

Outcome<SplitArguments> split_arguments(CLI::App& app, std::span<const std::string> arguments) {
    return Splitter(app, arguments).split();
}

}  // namespace leakcheck
