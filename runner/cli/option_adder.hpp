// SPDX-License-Identifier: Apache-2.0
//
// Adds options to a CLI11 parser, each with one way to refuse a value: a line that names the
// option, the value and what is accepted. Targets outlive the parser. Private to the option parser.
// Thread safety: none. Errors: a value that is not accepted throws CLI::ValidationError while
// parsing.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runner/cli/values.hpp"

namespace leakcheck {

// Inclusive.
struct Range {
    std::uint64_t lowest;
    std::uint64_t highest;
};

inline constexpr Range any_number{0, std::numeric_limits<std::uint64_t>::max()};

// "a whole number from 1 to 255"
std::string range_text(Range range);

[[noreturn]] void refuse(const std::string& name, const std::string& value,
                         const std::string& accepted);

std::uint64_t number_or_refuse(const std::string& name, const std::string& text, Range range);
std::uint64_t size_or_refuse(const std::string& name, const std::string& text);

// One group of options, under its own heading in the help. `names` is "-s,--sample-rate" or
// "--seed".
class OptionAdder {
  public:
    using Apply = std::function<void(const std::string& name, const std::string& value)>;

    OptionAdder(CLI::App& app, std::string group) : app_(app), group_(std::move(group)) {}

    // Where an option is given more than once, the last value counts.
    CLI::Option* value(const std::string& names, const std::string& placeholder,
                       const std::string& help, Apply apply);
    // Every value counts, in the order given.
    CLI::Option* values(const std::string& names, const std::string& placeholder,
                        const std::string& help, Apply apply);
    CLI::Option* flag(const std::string& names, const std::string& help,
                      std::function<void()> apply);
    CLI::Option* size(const std::string& names, std::uint64_t& target, const std::string& help);

    // Two paths for one report are an error: one of them would silently stay unwritten.
    CLI::Option* path(const std::string& names, const std::string& placeholder,
                      std::optional<std::filesystem::path>& target, const std::string& help);

    template <typename Number>
    CLI::Option* number(const std::string& names, const std::string& placeholder, Range range,
                        Number& target, const std::string& help) {
        auto apply = [range, &target](const std::string& name, const std::string& text) {
            target = static_cast<Number>(number_or_refuse(name, text, range));
        };
        return value(names, placeholder, help, apply);
    }

    template <typename Choice>
    CLI::Option* choice(const std::string& names,
                        std::vector<std::pair<std::string, Choice>> choices, Choice& target,
                        const std::string& help) {
        std::string known;
        for (const auto& [text, chosen] : choices) known += (known.empty() ? "" : "|") + text;
        auto apply = [choices, known, &target](const std::string& name, const std::string& text) {
            for (const auto& [word, chosen] : choices) {
                if (word == text) return void(target = chosen);
            }
            refuse(name, text, "one of " + known);
        };
        return value(names, known, help, apply);
    }

  private:
    CLI::App& app_;
    std::string group_;
};

}  // namespace leakcheck
