// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/gtest_rerun.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "abi/leakcheck_abi.h"

namespace leakcheck {
namespace {

enum class FlagKind { value, on_off };

struct Flag {
    std::string_view name;
    FlagKind kind;
};

// Those of GoogleTest's flags that a rerun decides itself.
constexpr std::array<Flag, 8> replaced_flags{{{"filter", FlagKind::value},
                                              {"repeat", FlagKind::value},
                                              {"output", FlagKind::value},
                                              {"stream_result_to", FlagKind::value},
                                              {"list_tests", FlagKind::on_off},
                                              {"fail_fast", FlagKind::on_off},
                                              {"break_on_failure", FlagKind::on_off},
                                              {"shuffle", FlagKind::on_off}}};

// Sharding and Bazel's own ways to say what to run and where to write.
constexpr std::array unset_names{
    "GTEST_OUTPUT",         "GTEST_STREAM_RESULT_TO",   "GTEST_LIST_TESTS",
    "GTEST_TOTAL_SHARDS",   "GTEST_SHARD_INDEX",        "GTEST_SHARD_STATUS_FILE",
    "TEST_TOTAL_SHARDS",    "TEST_SHARD_INDEX",         "TEST_SHARD_STATUS_FILE",
    "TESTBRIDGE_TEST_ONLY", "TEST_PREMATURE_EXIT_FILE", "XML_OUTPUT_FILE"};

// How many arguments from `position` on give this flag; 0 if they do not.
std::size_t arguments_of(const Flag& flag, const std::vector<std::string>& command,
                         std::size_t position) {
    const std::string& argument = command[position];
    const std::string name = fmt::format("--gtest_{}", flag.name);
    if (argument.starts_with(name + "=")) return 1;
    if (flag.kind == FlagKind::on_off)
        return argument == name || argument == fmt::format("--nogtest_{}", flag.name) ? 1 : 0;
    if (argument != name) return 0;
    return position + 1 < command.size() ? 2 : 1;
}

std::size_t replaced_arguments(const std::vector<std::string>& command, std::size_t position) {
    for (const Flag& flag : replaced_flags) {
        if (const std::size_t count = arguments_of(flag, command, position)) return count;
    }
    return 0;
}

bool has_gtest_flags(const std::vector<std::string>& command) {
    return std::any_of(command.begin() + 1, command.end(), [](const std::string& argument) {
        return argument.starts_with("--gtest_") || argument.starts_with("--nogtest_");
    });
}

// As GoogleTest reads a switch.
bool is_on(std::string_view value) {
    return value.empty() || (value[0] != '0' && value[0] != 'f' && value[0] != 'F');
}

// The value that counts, of the arguments, else of the environment.
std::optional<std::string> value_of(std::string_view name, const std::vector<std::string>& command,
                                    const Environment& environment, const std::string& variable) {
    const std::string flag = fmt::format("--gtest_{}", name);
    std::optional<std::string> value = environment(variable);
    for (std::size_t i = 1; i < command.size(); ++i) {
        if (command[i] == flag) value = "";
        if (command[i] == fmt::format("--nogtest_{}", name)) value = "0";
        if (command[i].starts_with(flag + "=")) value = command[i].substr(flag.size() + 1);
    }
    return value;
}

// Seed 0, the default, makes GoogleTest take the time.
bool is_shuffled_by_seed(const std::vector<std::string>& command, const Environment& environment) {
    const auto shuffle = value_of("shuffle", command, environment, "GTEST_SHUFFLE");
    const auto seed = value_of("random_seed", command, environment, "GTEST_RANDOM_SEED");
    return shuffle && is_on(*shuffle) && seed && seed->find_first_not_of('0') != std::string::npos;
}

bool is_expressible(const std::string& test) {
    const std::size_t dot = test.find('.');
    return test.find_first_of("*?:-") == std::string::npos && dot != std::string::npos &&
           dot + 1 < LEAKCHECK_NAME_SIZE && test.size() - dot < LEAKCHECK_NAME_SIZE;
}

}  // namespace

FilterPlan plan_filters(const std::vector<std::string>& tests, std::size_t most_bytes) {
    FilterPlan plan;
    for (const std::string& test : tests) {
        if (!is_expressible(test)) {
            plan.inexpressible.push_back(test);
            continue;
        }
        if (plan.batches.empty() ||
            plan.batches.back().filter.size() + 1 + test.size() > most_bytes)
            plan.batches.emplace_back();
        FilterBatch& batch = plan.batches.back();
        batch.filter += (batch.filter.empty() ? "" : ":") + test;
        batch.tests.push_back(test);
    }
    return plan;
}

GtestRerun plan_gtest_rerun(const std::vector<std::string>& command, const Environment& environment,
                            const std::string& filter, std::uint32_t repetitions) {
    GtestRerun rerun;
    for (std::size_t i = 0; i < command.size();) {
        const std::size_t replaced = i == 0 ? 0 : replaced_arguments(command, i);
        if (replaced == 0) rerun.command.push_back(command[i]);
        i += std::max<std::size_t>(replaced, 1);
    }
    const std::vector<std::pair<std::string, std::string>> flags{
        {"filter", filter},
        {"repeat", std::to_string(repetitions)},
        {"shuffle", is_shuffled_by_seed(command, environment) ? "1" : "0"},
        {"fail_fast", "0"},
        {"break_on_failure", "0"}};
    for (const auto& [name, value] : flags) {
        std::string variable = fmt::format("GTEST_{}", name);
        std::transform(variable.begin(), variable.end(), variable.begin(),
                       [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        rerun.set.push_back(variable + "=" + value);
        if (has_gtest_flags(command))
            rerun.command.push_back(fmt::format("--gtest_{}={}", name, value));
    }
    rerun.unset.assign(unset_names.begin(), unset_names.end());
    return rerun;
}

}  // namespace leakcheck
