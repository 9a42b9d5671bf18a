// SPDX-License-Identifier: Apache-2.0
//
// --environment: where a program runs decides how much of it is traced, and for how long, where nothing else is
// said. Thread safety: free functions without state.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runner/config/settings.hpp"

namespace leakcheck {

struct EnvironmentDefaults {
    std::string_view name;
    std::uint64_t duration_s;
    std::uint64_t sample_rate;  // one in so many; of the usual range the end that sees more
};

inline constexpr std::array<EnvironmentDefaults, 4> environments{{
    {"ci", 600, 200},           // usual: one in 200 to 500
    {"staging", 900, 500},      // 500 to 1,000
    {"production", 300, 1000},  // 1,000 to 2,000
    {"development", 1800, 100}  // 100 to 500
}};

std::vector<std::string> environment_names();

// Empty for a name that is none.
Layer layer_of_environment(std::string_view name);

}  // namespace leakcheck
