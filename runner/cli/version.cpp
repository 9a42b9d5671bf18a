// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/version.hpp"

#include <fmt/core.h>
#include <CLI/Version.hpp>
#include <nlohmann/json.hpp>

#include "abi/leakcheck_abi.h"

namespace leakcheck {
namespace {

std::string fmt_version() {
    return fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100);
}

std::string json_version() {
    return fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
                       NLOHMANN_JSON_VERSION_PATCH);
}

}  // namespace

std::string tool_version() {
    return LEAKCHECK_VERSION;
}

std::string version_line() {
    return fmt::format("leakcheck {}\n", tool_version());
}

std::string build_facts() {
    return fmt::format(
        "build type: {}\ncompiler: {}\nabi version: {}\nCLI11: {}\nfmt: {}\nnlohmann_json: {}\n",
        LEAKCHECK_BUILD_TYPE, LEAKCHECK_COMPILER, LEAKCHECK_ABI_VERSION, CLI11_VERSION,
        fmt_version(), json_version());
}

}  // namespace leakcheck
