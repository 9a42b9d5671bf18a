// SPDX-License-Identifier: Apache-2.0
#include "reporters/sarif_rules.hpp"

#include <array>
#include <string>

namespace leakcheck {
namespace {

using Json = nlohmann::ordered_json;

struct Rule {
    std::string_view id, name, short_description, full_description, mend, level;
};

constexpr std::array<Rule, 5> rules{{
    {"leakcheck.leak", "TestLeaksMemory", "A test leaks memory.",
     "Memory was allocated while a test ran, by its fixture or its body, and was not freed before "
     "the "
     "process ended. The test or the code that it tests has lost track of it.",
     "Give the block an owner that frees it: a value, a container, std::unique_ptr. Where a C "
     "interface hands "
     "it out, call the function that takes it back on every path, the failing ones included. A "
     "block that "
     "is meant to stay can be recorded as known in the test, with the reason.",
     "error"},
    {"leakcheck.leak-in-set-up", "SetUpLeaksMemory", "Set-up or tear-down of a suite leaks memory.",
     "Memory was allocated in SetUpTestSuite, TearDownTestSuite or a global test environment, "
     "outside every "
     "single test, and was not freed before the process ended.",
     "Free in TearDownTestSuite what SetUpTestSuite makes, and in the TearDown of an environment "
     "what its "
     "SetUp makes; better still, hold it in a static std::unique_ptr that is reset there.",
     "warning"},
    {"leakcheck.leak-outside-tests", "LeakOutsideTests",
     "Memory allocated outside every test is not freed.",
     "Memory was allocated by static initialisation, by main, or after the last test, and was not "
     "freed "
     "before the process ended. Objects that are meant to live as long as the process show up here "
     "too.",
     "Decide whether the object is meant to live until the process ends. If it is, keep a pointer "
     "to it, in a static variable for instance: then it does not count. If it is not, give it an "
     "owner that frees it.",
     "note"},
    {"leakcheck.possible-leak", "PossibleLeak", "Memory is possibly leaked.",
     "Memory was not freed before the process ended, and every way to it leads through a pointer "
     "into the middle of a block. Some programs keep such pointers on purpose; otherwise the block "
     "is leaked and such a pointer is left by chance.",
     "Look for the pointer that the block should be freed by. If the program keeps one that is "
     "offset on purpose, nothing needs to be done.",
     "warning"},
    {"leakcheck.still-reachable", "StillReachable", "Memory is still reachable at the end.",
     "Memory was not freed before the process ended, but pointers still lead to it. Objects that "
     "are meant to live as long as the process look like this, and caches that only grow.",
     "Nothing needs to be done where the object is meant to live that long. Where it grows with "
     "every use, bound it; where a test fills it, empty it in the test.",
     "note"},
}};

const Rule& rule_of(LeakRule rule) {
    return rules[static_cast<std::size_t>(rule)];
}

Json help(const Rule& rule) {
    const std::string reading =
        "The stack shows where the block was allocated, which is seldom the line that is wrong: "
        "look for the "
        "place that should have freed it.";
    const std::string text =
        std::string(rule.full_description) + "\n\n" + std::string(rule.mend) + "\n\n" + reading;
    const std::string markdown = "**" + std::string(rule.short_description) + "** " +
                                 std::string(rule.full_description) + "\n\n**What to do.** " +
                                 std::string(rule.mend) + "\n\n" + reading +
                                 "\n\n[CWE-401: Missing Release of Memory after Effective Lifetime]"
                                 "(https://cwe.mitre.org/data/definitions/401.html)\n";
    return {{"text", text}, {"markdown", markdown}};
}

Json json_of(const Rule& rule) {
    return {
        {"id", rule.id},
        {"name", rule.name},
        {"shortDescription", {{"text", rule.short_description}}},
        {"fullDescription", {{"text", rule.full_description}}},
        {"help", help(rule)},
        {"helpUri", "https://cwe.mitre.org/data/definitions/401.html"},
        {"defaultConfiguration", {{"level", rule.level}}},
        {"properties",
         {{"tags", Json::array({"cwe-401", "external/cwe/cwe-401", "memory-leak", "correctness"})},
          {"precision", "very-high"},
          {"problem.severity", rule.level == "note" ? "recommendation" : rule.level}}}};
}

}  // namespace

std::string_view rule_id(LeakRule rule) {
    return rule_of(rule).id;
}

Json sarif_rules() {
    Json json = Json::array();
    for (const Rule& rule : rules) json.push_back(json_of(rule));
    return json;
}

}  // namespace leakcheck
