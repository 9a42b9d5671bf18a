// SPDX-License-Identifier: Apache-2.0
#include "runner/config/environments.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace leakcheck {

std::vector<std::string> environment_names() {
    std::vector<std::string> names;
    for (const EnvironmentDefaults& one : environments) names.emplace_back(one.name);
    return names;
}

Layer layer_of_environment(std::string_view name) {
    const auto found =
        std::find_if(environments.begin(), environments.end(),
                     [name](const EnvironmentDefaults& one) { return one.name == name; });
    if (found == environments.end()) return {};
    return {{"sample-rate", {fmt::format("--sample-rate={}", found->sample_rate)}},
            {"duration", {fmt::format("--duration={}", found->duration_s)}}};
}

}  // namespace leakcheck
