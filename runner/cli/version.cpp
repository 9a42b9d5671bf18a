// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/version.hpp"

#include <fmt/core.h>

#include <CLI/Version.hpp>
#include <boost/version.hpp>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>

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

std::string boost_version() {
    return fmt::format("{}.{}.{}", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000,
                       BOOST_VERSION % 100);
}

std::string pugixml_version() {
    return fmt::format("{}.{}.{}", PUGIXML_VERSION / 1000, PUGIXML_VERSION / 10 % 100,
                       PUGIXML_VERSION % 10);
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
        "build type: {}\ncompiler: {}\nabi version: {}\nBoost: {}\nCLI11: {}\nfmt: {}\n"
        "nlohmann_json: {}\npugixml: {}\n",
        LEAKCHECK_BUILD_TYPE, LEAKCHECK_COMPILER, LEAKCHECK_ABI_VERSION, boost_version(),
        CLI11_VERSION, fmt_version(), json_version(), pugixml_version());
}

}  // namespace leakcheck
