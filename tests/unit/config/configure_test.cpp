// SPDX-License-Identifier: Apache-2.0
//
// leakcheck.json and the command line, as the parser of options puts them together.
#include "runner/config/configure.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "runner/config/config_file.hpp"

namespace leakcheck {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

using Arguments = std::vector<std::string>;

ConfigSource source_of(const std::string& text) {
    return
        [text](const std::optional<std::filesystem::path>&) -> Outcome<std::optional<ConfigText>> {
            return ConfigText{"/project/leakcheck.json", "leakcheck.json", text};
        };
}

ParseResult parse(const std::string& config, Arguments options) {
    std::vector<const char*> argv{"leakcheck"};
    options.insert(options.end(), {"--", "./t"});
    for (const std::string& argument : options) argv.push_back(argument.c_str());
    return parse_options(static_cast<int>(argv.size()), argv.data(), source_of(config));
}

Options with(const std::string& config, const Arguments& options = {}) {
    const ParseResult result = parse(config, options);
    if (const auto* error = std::get_if<UsageError>(&result)) ADD_FAILURE() << error->message;
    const auto* parsed = std::get_if<Options>(&result);
    return parsed == nullptr ? Options{} : *parsed;
}

std::string error_of(const std::string& config, const Arguments& options = {}) {
    const ParseResult result = parse(config, options);
    const auto* error = std::get_if<UsageError>(&result);
    return error == nullptr ? "(accepted)" : error->message;
}

TEST(Configure, ValuesOfEverySort) {
    const Options options = with(R"({
        // comments are welcome
        "$schema": "leakcheck.schema.json",
        "sampling": "adaptive:50", "first_samples": 5,
        "min_size": "1 kB", "max_size": 4096,
        "max_leaked_bytes": "10 kB", /* here, too */ "max_leaked_blocks": 3,
        "fail_on": ["definite", "possible"], "show": "reachable,indirect",
        "confirm": false, "exit_zero": true, "gate_outside_tests": false,
        "not_my_code": ["generated/**", "**/*.pb.cc"],
        "path_prefix_map": ["/build=."],
        "json": "out/result.json", "sarif": "/elsewhere/x.sarif",
        "color": "never", "duration": 60
    })");
    EXPECT_EQ(options.sampling.text, "adaptive:50");
    EXPECT_EQ(options.first_samples, 5u);
    EXPECT_EQ(options.min_size, 1000u);
    EXPECT_EQ(options.max_size, 4096u);
    EXPECT_EQ(options.budget.bytes, 10000u);
    EXPECT_EQ(options.budget.blocks, 3u);
    EXPECT_EQ(options.fail_on, (LeakKinds{LeakKind::definite, LeakKind::possible}));
    EXPECT_EQ(options.show, (LeakKinds{LeakKind::reachable, LeakKind::indirect}));
    EXPECT_EQ(options.confirm, ConfirmChoice::off);
    EXPECT_TRUE(options.exit_zero);
    EXPECT_FALSE(options.gate_outside_tests);
    EXPECT_THAT(options.not_my_code, ElementsAre("generated/**", "**/*.pb.cc"));
    EXPECT_THAT(options.path_mappings, ElementsAre(PathMapping{"/build", "."}));
    EXPECT_EQ(options.reports.json, "/project/out/result.json") << "relative to the file";
    EXPECT_EQ(options.reports.sarif, "/elsewhere/x.sarif");
    EXPECT_EQ(options.colour, ColourChoice::never);
    EXPECT_EQ(options.duration_s, 60u);
    EXPECT_EQ(options.config_name, "leakcheck.json");
    EXPECT_THAT(options.command, ElementsAre("./t"));
}

TEST(Configure, TheCommandLineWins) {
    const std::string config = R"({"sampling": "adaptive", "max_leaked_bytes": 5, "json": "a",
        "exit_zero": true, "verbose": true, "confirm": true, "not_my_code": ["a", "b"]})";
    const Options options =
        with(config, {"-s", "7", "--max-leaked-bytes", "6", "--json", "b", "--error-exitcode", "9",
                      "--quiet", "--no-confirm", "--not-my-code", "c"});
    EXPECT_EQ(options.sampling.text, "1:7") << "which excludes --sampling";
    EXPECT_EQ(options.budget.bytes, 6u);
    EXPECT_EQ(options.reports.json, "b");
    EXPECT_FALSE(options.exit_zero);
    EXPECT_EQ(options.error_exitcode, 9);
    EXPECT_EQ(options.verbosity, Verbosity::quiet);
    EXPECT_EQ(options.confirm, ConfirmChoice::off);
    EXPECT_THAT(options.not_my_code, ElementsAre("c"));
}

TEST(Configure, AFlagCanBeTakenBack) {
    const std::string config = R"({"gate_outside_tests": true, "verbose": true})";
    EXPECT_TRUE(with(config).gate_outside_tests);
    EXPECT_FALSE(with(config, {"--no-gate-outside-tests"}).gate_outside_tests);
    EXPECT_EQ(with(config, {"--no-verbose"}).verbosity, Verbosity::normal);
    EXPECT_THAT(error_of(config, {"--no-json"}), HasSubstr("unknown option --no-json"));
}

TEST(Configure, NoFileIsUsedWhereNoneIsWanted) {
    EXPECT_FALSE(with(R"({"exit_zero": true})", {"--no-config"}).exit_zero);
    EXPECT_THAT(error_of("{", {"--config", "x", "--no-config"}), HasSubstr("excludes"));
}

TEST(Configure, EnvironmentsHaveDefaults) {
    const Options ci = with("{}", {"--environment", "ci"});
    EXPECT_EQ(ci.sampling.text, "1:200");
    EXPECT_EQ(ci.duration_s, 600u);
    EXPECT_EQ(ci.environment, "ci");
    EXPECT_EQ(with("{}", {"--environment", "production"}).duration_s, 300u);
    EXPECT_EQ(with("{}", {"--environment", "staging"}).sampling.rate, 500u);
    EXPECT_EQ(with("{}", {"--environment", "development"}).sampling.rate, 100u);
    EXPECT_EQ(with(R"({"environment": "production"})").sampling.rate, 1000u);
    EXPECT_EQ(with("{}").sampling.text, "counted");
    EXPECT_THAT(error_of("{}", {"--environment", "test"}),
                HasSubstr("ci|staging|production|development"));
}

TEST(Configure, WhatIsSaidWinsOverTheEnvironmentsDefaults) {
    const std::string config = R"({
        "environment": "staging", "duration": 5,
        "environments": {"ci": {"sampling": "counted", "max_leaked_blocks": 1},
                         "staging": {"duration": 6}}})";
    EXPECT_EQ(with(config).duration_s, 6u);
    EXPECT_EQ(with(config).sampling.rate, 500u);
    const Options ci = with(config, {"--environment", "ci"});
    EXPECT_EQ(ci.sampling.text, "counted");
    EXPECT_EQ(ci.duration_s, 5u);
    EXPECT_EQ(ci.budget.blocks, 1u);
    EXPECT_EQ(with(config, {"--environment", "ci", "-s", "1"}).sampling.text, "1:1");
}

TEST(Configure, Budgets) {
    const Options options = with(R"({"budgets": [
        {"name": "db", "tests": "Db*.*", "sites": "src/db/**", "kinds": ["definite"],
         "max_bytes": "10 kB", "max_blocks": 4, "per": "test", "reason": "pool",
         "until": "2027-01-31"},
        {"name": "rest", "max_bytes": 0}]})");
    ASSERT_EQ(options.budget_rules.size(), 2u);
    EXPECT_EQ(options.budget_rules[0],
              (BudgetRule{"db", "Db*.*", "src/db/**", LeakKinds{LeakKind::definite}, 10000, 4,
                          BudgetPer::test, "pool", "2027-01-31"}));
    EXPECT_EQ(options.budget_rules[1].per, BudgetPer::run);
    EXPECT_FALSE(options.budget_rules[1].max_blocks);
}

struct Mistake {
    const char* config;
    const char* message;
};

TEST(Configure, AMistakeIsToldWithItsPlace) {
    const std::vector<Mistake> mistakes{
        {"{\n  \"max_leakd_bytes\": 1\n}",
         "leakcheck.json:2:3: unknown key \"max_leakd_bytes\"; did you mean \"max_leaked_bytes\"?"},
        {"{\"max-leaked-bytes\": 1}",
         "leakcheck.json:1:2: unknown key \"max-leaked-bytes\"; did you mean "
         "\"max_leaked_bytes\"?"},
        {"{\"budget\": []}",
         "leakcheck.json:1:2: unknown key \"budget\"; did you mean \"budgets\"?"},
        {"{\n\"max_leaked_bytes\": \"1.5 MB\"}",
         "leakcheck.json:2:21: max_leaked_bytes: \"1.5 MB\" is not accepted; give a size such as "
         "4096, 4k (4000) or 4KiB (4096)"},
        {"{\"error_exitcode\": 256}",
         "leakcheck.json:1:20: error_exitcode: \"256\" is not accepted; give a whole number from 1 "
         "to 255"},
        {"{\"top\": \"5\"}", "leakcheck.json:1:9: this is a string, not a number"},
        {"{\"top\": 1.5}",
         "leakcheck.json:1:9: top: \"1.5\" is not accepted; give a whole number from 0 to 1000000"},
        {"{\"confirm\": 1}", "leakcheck.json:1:13: this is a number, not true or false"},
        {"{\"json\": [\"a\"]}", "leakcheck.json:1:10: this is an array, not a string"},
        {"{\"json\": \"\"}", "leakcheck.json:1:10: this is empty; leave the key out instead"},
        {"{\"not_my_code\": \"gen/**\"}", "leakcheck.json:1:17: this is a string, not an array"},
        {"{\"not_my_code\": [\"gen/[ab\"]}",
         "leakcheck.json:1:17: not_my_code: the glob \"gen/[ab\" has a [ without its ]"},
        {"{\"fail_on\": [\"definte\"]}",
         "leakcheck.json:1:13: fail_on: \"definte\" is no kind of block (did you mean definite?); "
         "give some of definite, indirect, possible, reachable, referenced, unclassified, "
         "outstanding, released-late, all, with commas between them"},
        {"{\"sample_rate\": 5,\n \"sampling\": \"counted\"}",
         "leakcheck.json:2:14: sample_rate and sampling exclude each other; keep one"},
        {"[]", "leakcheck.json:1:1: this is an array, not an object"},
        {"{\"environments\": {\"prod\": {}}}",
         "leakcheck.json:1:19: unknown key \"prod\"; known are ci, staging, production, "
         "development"},
        {"{\"environments\": {\"ci\": {\"environment\": \"staging\"}}}",
         "leakcheck.json:1:26: an environment cannot choose another one"},
        {"{\"environments\": {\"ci\": {\"top\": -1}}}",
         "leakcheck.json:1:33: top: \"-1\" is not accepted; give a whole number from 0 to 1000000"},
        {"{\"as_root\": true}", "leakcheck.json:1:2: unknown key \"as_root\";"},
        {"{\"budgets\": [{\"max_bytes\": 1}]}", "leakcheck.json:1:14: this budget has no \"name\""},
        {"{\"budgets\": [{\"name\": \"a\"}]}",
         "leakcheck.json:1:14: budget \"a\" has no limit; give \"max_bytes\", \"max_blocks\" or "
         "both"},
        {"{\"budgets\": [{\"name\": \"a\", \"max_bytes\": \"lots\"}]}",
         "leakcheck.json:1:41: this is no size; give a number of bytes, or text such as \"10 kB\""},
        {"{\"budgets\": [{\"name\": \"a\", \"max_blocks\": -1}]}",
         "leakcheck.json:1:42: this is no count; give a whole number, 0 or more"},
        {"{\"budgets\": [{\"name\": \"a\", \"max_byte\": 1}]}",
         "leakcheck.json:1:28: unknown key \"max_byte\"; did you mean \"max_bytes\"?"},
        {"{\"budgets\": [{\"name\": \"a\", \"max_bytes\": 1, \"tests\": \"A.[b\"}]}",
         "leakcheck.json:1:53: the glob \"A.[b\" has a [ without its ]"},
        {"{\"budgets\": [{\"name\": \"a\", \"max_bytes\": 1, \"tests\": \"\"}]}",
         "leakcheck.json:1:53: the glob \"\" is empty"},
        {"{\"budgets\": [{\"name\": \"a\", \"max_bytes\": 1, \"until\": \"2027-02-30\"}]}",
         "leakcheck.json:1:53: \"2027-02-30\" is no day; give one such as \"2027-01-31\""},
        {"{\"budgets\": [{\"name\": \"a\", \"max_bytes\": 1, \"per\": \"suite\"}]}",
         "leakcheck.json:1:51: \"suite\" is not accepted; give run, test or site"},
        {"{\"budgets\": [{\"name\": \"a\", \"max_bytes\": 1}, {\"name\": \"a\", \"max_bytes\": "
         "2}]}",
         "leakcheck.json:1:45: there is a budget \"a\" already"},
    };
    for (const Mistake& mistake : mistakes)
        EXPECT_THAT(error_of(mistake.config), StartsWith(mistake.message)) << mistake.config;
}

// The files that the published schema is tried with, too.
TEST(Configure, AcceptsWhatTheSchemaAcceptsAndNothingElse) {
    for (const char* sort : {"good", "bad"}) {
        const bool is_good = std::string(sort) == "good";
        for (const auto& file :
             std::filesystem::directory_iterator(std::filesystem::path(CONFIG_FILES) / sort)) {
            std::ifstream stream(file.path());
            const std::string text(std::istreambuf_iterator<char>(stream), {});
            EXPECT_EQ(error_of(text) == "(accepted)", is_good) << file.path() << error_of(text);
        }
    }
}

TEST(Configure, MistakesOfTheCommandLineComeFirst) {
    EXPECT_THAT(error_of("{", {"--top", "x"}), StartsWith("--top: "));
}

TEST(Configure, TheFileIsNotReadForHelpAndVersion) {
    EXPECT_TRUE(std::holds_alternative<ExitNow>(parse("{", {"--help"})));
    EXPECT_TRUE(std::holds_alternative<VersionOptions>(parse("{", {"--version"})));
}

TEST(Configure, EveryOptionHasAKey) {
    for (const char* option : {"sample-rate", "json", "no-such-thing"})
        EXPECT_TRUE(is_config_key(option, {})) << option;
    EXPECT_FALSE(is_config_key("as-root", {}));
    EXPECT_FALSE(is_config_key("no-confirm", {{"confirm", {OptionShape::Type::flag}}}));
    EXPECT_EQ(key_of("max-leaked-bytes"), "max_leaked_bytes");
}

}  // namespace
}  // namespace leakcheck
