// SPDX-License-Identifier: Apache-2.0
#include "runner/baseline/result_leaks.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace leakcheck {
namespace {

using Json = nlohmann::json;

std::string text_or_empty(const Json& value) {
    return value.is_string() ? value.get<std::string>() : std::string();
}

// What lies outside of the source root is elsewhere on the next machine.
std::string portable_file(const Json& site) {
    std::string file = text_or_empty(site.at("file"));
    return file.starts_with('/') ? std::string() : file;
}

bool is_of_baseline(const Json& leak) {
    return leak.at("gated").get<bool>() || leak.at("not_gated") == "baseline";
}

BaselineEntry entry_of(const Json& leak, const std::string& program) {
    BaselineEntry entry;
    entry.test = leak.at("owner").get<std::string>();
    entry.fingerprint = leak.at("fingerprint").get<std::string>();
    entry.bytes = leak.at("bytes").at("observed").get<std::uint64_t>();
    entry.blocks = leak.at("blocks").at("observed").get<std::uint64_t>();
    entry.kind = leak.at("kind").get<std::string>();
    entry.function = text_or_empty(leak.at("site").at("function"));
    entry.file = portable_file(leak.at("site"));
    entry.program = program;
    return entry;
}

std::string program_of(const Json& result) {
    const auto& command = result.at("command");
    if (command.empty()) return {};
    const auto path = command.at(0).get<std::string>();
    return path.substr(path.rfind('/') + 1);
}

// Every leak that there was is in the result.
bool shows_all(const Json& result) {
    const Json& sampling = result.at("sampling");
    const Json& child = result.at("child");
    return sampling.at("exact").get<bool>() && sampling.at("min_size") == 0 &&
           sampling.at("max_size").is_null() && child.at("end") == "exited" &&
           child.at("running_test").is_null() && result.at("totals").at("younger_blocks") == 0 &&
           result.at("verdict").at("inconclusive_reasons").empty();
}

std::set<std::string> covered_owners(const Json& result) {
    if (!shows_all(result)) return {};
    std::set<std::string> owners{"outside tests", "environment (set-up)",
                                 "environment (tear-down)"};
    for (const Json& test : result.at("tests")) owners.insert(test.at("name").get<std::string>());
    for (const Json& suite : result.at("suites")) {
        const auto name = suite.at("name").get<std::string>();
        owners.insert(name + " (set-up)");
        owners.insert(name + " (tear-down)");
    }
    return owners;
}

}  // namespace

Outcome<ResultLeaks> read_result_leaks(const std::string& name, const std::string& text) {
    try {
        const Json result = Json::parse(text);
        ResultLeaks read;
        read.program = program_of(result);
        read.covered = covered_owners(result);
        for (const Json& leak : result.at("leaks")) {
            read.shown.emplace(leak.at("owner").get<std::string>(),
                               leak.at("fingerprint").get<std::string>());
            if (is_of_baseline(leak)) read.leaks.push_back(entry_of(leak, read.program));
        }
        return read;
    } catch (const Json::exception&) {
        return Problem{
            fmt::format("{}: this is no result of leakcheck (--json) of this version", name)};
    }
}

}  // namespace leakcheck
