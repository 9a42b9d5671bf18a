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
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runner/cli/option_shape.hpp"
#include "runner/cli/values.hpp"

namespace leakcheck {

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
    using ApplyNumber = std::function<void(std::uint64_t value)>;

    // `shapes` is told what each option takes.
    OptionAdder(CLI::App& app, std::string group, OptionShapes& shapes)
        : app_(app), group_(std::move(group)), shapes_(shapes) {}

    // Where an option is given more than once, the last value counts.
    CLI::Option* value(const std::string& names, const std::string& placeholder,
                       const std::string& help, Apply apply, OptionShape shape = {});
    // Every value counts, in the order given.
    CLI::Option* values(const std::string& names, const std::string& placeholder,
                        const std::string& help, Apply apply);
    CLI::Option* flag(const std::string& names, const std::string& help,
                      std::function<void()> apply);
    CLI::Option* checked_size(const std::string& names, const std::string& help, ApplyNumber apply);
    CLI::Option* checked_number(const std::string& names, const std::string& placeholder,
                                Range range, const std::string& help, ApplyNumber apply);

    CLI::Option* size(const std::string& names, std::uint64_t& target, const std::string& help) {
        return checked_size(names, help, [&target](std::uint64_t size) { target = size; });
    }

    // Every path counts, in the order given.
    CLI::Option* paths(const std::string& names, const std::string& placeholder,
                       std::vector<std::filesystem::path>& target, const std::string& help);

    // Two paths for one report are an error: one of them would silently stay unwritten.
    CLI::Option* path(const std::string& names, const std::string& placeholder,
                      std::optional<std::filesystem::path>& target, const std::string& help);

    template <typename Number>
    CLI::Option* number(const std::string& names, const std::string& placeholder, Range range,
                        Number& target, const std::string& help) {
        return checked_number(names, placeholder, range, help, [&target](std::uint64_t number) {
            target = static_cast<Number>(number);
        });
    }

    template <typename Choice>
    CLI::Option* choice(const std::string& names,
                        std::vector<std::pair<std::string, Choice>> choices, Choice& target,
                        const std::string& help) {
        std::string known;
        OptionShape shape{OptionShape::Type::choice};
        for (const auto& [text, chosen] : choices) {
            known += (known.empty() ? "" : "|") + text;
            shape.choices.push_back(text);
        }
        auto apply = [choices, known, &target](const std::string& name, const std::string& text) {
            for (const auto& [word, chosen] : choices) {
                if (word == text) return void(target = chosen);
            }
            refuse(name, text, "one of " + known);
        };
        return value(names, known, help, apply, std::move(shape));
    }

  private:
    CLI::App& app_;
    std::string group_;
    OptionShapes& shapes_;
};

}  // namespace leakcheck
