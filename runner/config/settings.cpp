// SPDX-License-Identifier: Apache-2.0
#include "runner/config/settings.hpp"

#include <algorithm>

namespace leakcheck {
namespace {

std::string option_name(const std::string& argument) {
    constexpr std::size_t dashes = 2;
    return argument.substr(dashes, argument.find('=') - dashes);
}

bool has_last_word(CLI::App& app, const Layer& later, const Setting& earlier) {
    return std::any_of(later.begin(), later.end(), [&](const Setting& one) {
        return one.option == earlier.option ||
               (!one.arguments.empty() && exclude_each_other(app, one.option, earlier.option));
    });
}

}  // namespace

Layer layer_of(const SplitArguments& split) {
    Layer layer;
    for (const std::string& argument : split.options)
        layer.push_back({option_name(argument), {argument}});
    for (const std::string& option : split.withdrawn) layer.push_back({option, {}});
    return layer;
}

bool exclude_each_other(CLI::App& app, const std::string& option, const std::string& other) {
    const CLI::Option* first = app.get_option_no_throw("--" + option);
    CLI::Option* second = app.get_option_no_throw("--" + other);
    return first != nullptr && second != nullptr && first->get_excludes().count(second) > 0;
}

std::vector<std::string> merge_layers(CLI::App& app, const std::vector<Layer>& earliest_first) {
    std::vector<std::string> arguments;
    for (auto layer = earliest_first.begin(); layer != earliest_first.end(); ++layer) {
        for (const Setting& setting : *layer) {
            const bool is_outdone =
                std::any_of(layer + 1, earliest_first.end(),
                            [&](const Layer& later) { return has_last_word(app, later, setting); });
            if (is_outdone) continue;
            arguments.insert(arguments.end(), setting.arguments.begin(), setting.arguments.end());
        }
    }
    return arguments;
}

}  // namespace leakcheck
