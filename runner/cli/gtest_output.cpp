// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/gtest_output.hpp"

#include <algorithm>
#include <sstream>
#include <string_view>

#include "runner/cli/values.hpp"

namespace leakcheck {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view output_flag = "--gtest_output";
constexpr std::string_view flag_file_flag = "--gtest_flagfile=";

GtestFormat format_of(std::string_view name) {
    if (name.empty()) return GtestFormat::none;
    if (name == "xml") return GtestFormat::xml;
    if (name == "json") return GtestFormat::json;
    return GtestFormat::other;
}

// `value` is that of the flag: "xml", "xml:file", "xml:directory/". "xml:" means the working
// directory.
GtestOutput parse_value(const std::string& value, const fs::path& working_directory) {
    const std::size_t colon = value.find(':');
    const std::string name = value.substr(0, colon);
    GtestOutput output{format_of(name), {}, false};
    if (output.format != GtestFormat::xml && output.format != GtestFormat::json) return output;
    if (colon == std::string::npos) {
        output.path = working_directory / ("test_detail." + name);
        return output;
    }
    const std::string path = value.substr(colon + 1);
    output.path = working_directory / path;
    output.is_directory = path.empty() || path.back() == '/';
    return output;
}

std::optional<std::string> value_in_flag_file(const std::string& text) {
    const std::string prefix = std::string(output_flag) + "=";
    std::optional<std::string> value;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(prefix)) value = line.substr(prefix.size());
    }
    return value;
}

// GoogleTest with Abseil's flags takes the value as an argument of its own, too.
std::optional<std::string> value_in_arguments(const std::vector<std::string>& command,
                                              const fs::path& working_directory,
                                              const ReadTextFn& read_flag_file) {
    const std::string prefix = std::string(output_flag) + "=";
    std::optional<std::string> value;
    for (std::size_t i = 1; i < command.size(); ++i) {
        const std::string& argument = command[i];
        if (argument.starts_with(prefix)) value = argument.substr(prefix.size());
        if (argument == output_flag && i + 1 < command.size()) value = command[i + 1];
        if (!argument.starts_with(flag_file_flag)) continue;
        const auto text =
            read_flag_file(working_directory / argument.substr(flag_file_flag.size()));
        const auto in_file = text ? value_in_flag_file(*text) : std::nullopt;
        if (in_file) value = in_file;
    }
    return value;
}

}  // namespace

std::optional<GtestOutput> chosen_gtest_output(const std::vector<std::string>& command,
                                               const Environment& environment,
                                               const fs::path& working_directory,
                                               const ReadTextFn& read_flag_file) {
    if (const auto value = value_in_arguments(command, working_directory, read_flag_file)) {
        return parse_value(*value, working_directory);
    }
    if (const auto value = environment("GTEST_OUTPUT")) {
        if (value->empty()) return std::nullopt;
        return parse_value(*value, working_directory);
    }
    if (const auto file = environment("XML_OUTPUT_FILE")) {
        return parse_value("xml:" + *file, working_directory);
    }
    return std::nullopt;
}

bool is_gtest_file_name(const std::string& file_name, const std::string& program) {
    constexpr std::string_view extension = ".xml";
    if (!file_name.starts_with(program) || !file_name.ends_with(extension)) return false;
    if (file_name.size() < program.size() + extension.size()) return false;
    std::string_view number(file_name);
    number.remove_prefix(program.size());
    number.remove_suffix(extension.size());
    if (number.empty()) return true;
    return number.front() == '_' && parse_number(number.substr(1)).value_or(0) > 0;
}

}  // namespace leakcheck
