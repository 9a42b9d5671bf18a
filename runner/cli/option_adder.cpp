// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/option_adder.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>

namespace leakcheck {
namespace {

// The first one, with its dashes.
std::string long_name(const std::string& names) {
    const std::size_t begin = names.find("--");
    return names.substr(begin, names.find(',', begin) - begin);
}

std::string without_dashes(const std::string& name) {
    return name.substr(2);
}

}  // namespace

std::string range_text(Range range) {
    if (range.highest == any_number.highest) {
        return fmt::format("a whole number, {} or more", range.lowest);
    }
    return fmt::format("a whole number from {} to {}", range.lowest, range.highest);
}

void refuse(const std::string& name, const std::string& value, const std::string& accepted) {
    throw CLI::ValidationError(name,
                               fmt::format("\"{}\" is not accepted; give {}", value, accepted));
}

std::uint64_t number_or_refuse(const std::string& name, const std::string& text, Range range) {
    const auto parsed = parse_number(text);
    if (!parsed || *parsed < range.lowest || *parsed > range.highest) {
        refuse(name, text, range_text(range));
    }
    return *parsed;
}

std::uint64_t size_or_refuse(const std::string& name, const std::string& text) {
    const auto parsed = parse_size(text);
    if (!parsed) refuse(name, text, "a size such as 4096, 4k (4000) or 4KiB (4096)");
    return *parsed;
}

CLI::Option* OptionAdder::value(const std::string& names, const std::string& placeholder,
                                const std::string& help, Apply apply, OptionShape shape) {
    shapes_[without_dashes(long_name(names))] = std::move(shape);
    auto call = [name = long_name(names), apply = std::move(apply)](const std::string& text) {
        apply(name, text);
    };
    return app_.add_option_function<std::string>(names, call, help)
        ->type_name(placeholder)
        ->group(group_)
        ->take_last();
}

CLI::Option* OptionAdder::values(const std::string& names, const std::string& placeholder,
                                 const std::string& help, Apply apply) {
    return value(names, placeholder, help, std::move(apply), {OptionShape::Type::texts})
        ->trigger_on_parse();
}

CLI::Option* OptionAdder::flag(const std::string& names, const std::string& help,
                               std::function<void()> apply) {
    shapes_[without_dashes(long_name(names))] = {OptionShape::Type::flag};
    return app_.add_flag_callback(names, std::move(apply), help)->group(group_);
}

CLI::Option* OptionAdder::checked_size(const std::string& names, const std::string& help,
                                       ApplyNumber apply) {
    auto check = [apply = std::move(apply)](const std::string& name, const std::string& text) {
        apply(size_or_refuse(name, text));
    };
    return value(names, "SIZE", help, check, {OptionShape::Type::size});
}

CLI::Option* OptionAdder::checked_number(const std::string& names, const std::string& placeholder,
                                         Range range, const std::string& help, ApplyNumber apply) {
    auto check = [range, apply = std::move(apply)](const std::string& name,
                                                   const std::string& text) {
        apply(number_or_refuse(name, text, range));
    };
    return value(names, placeholder, help, check, {OptionShape::Type::number, range});
}

CLI::Option* OptionAdder::paths(const std::string& names, const std::string& placeholder,
                                std::vector<std::filesystem::path>& target,
                                const std::string& help) {
    auto apply = [&target](const std::string&, const std::string& text) {
        target.emplace_back(text);
    };
    return value(names, placeholder, help, apply, {OptionShape::Type::paths})->trigger_on_parse();
}

CLI::Option* OptionAdder::path(const std::string& names, const std::string& placeholder,
                               std::optional<std::filesystem::path>& target,
                               const std::string& help) {
    auto apply = [&app = app_, &target](const std::string& name, const std::string& text) {
        if (app.get_option(name)->count() > 1) {
            throw CLI::ValidationError(name, "given more than once; give one path");
        }
        if (text == "-") refuse(name, text, "a path (/dev/stdout for standard output)");
        target = text;
    };
    return value(names, placeholder, help, apply, {OptionShape::Type::path});
}

}  // namespace leakcheck
