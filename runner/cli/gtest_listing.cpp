// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/gtest_listing.hpp"

#include <string_view>

namespace leakcheck {

bool lists_gtest_tests(const std::vector<std::string>& command) {
    constexpr std::string_view flag = "--gtest_list_tests";
    bool lists = false;
    for (const std::string& argument : command) {
        if (argument == flag) lists = true;
        if (argument.starts_with(std::string(flag) + "=")) {
            const std::string_view value = std::string_view(argument).substr(flag.size() + 1);
            lists = value.empty() ||
                    std::string_view("0fF").find(value.front()) == std::string_view::npos;
        }
    }
    return lists;
}

}  // namespace leakcheck
