// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner/cli/version.hpp"

namespace leakcheck {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using Arguments = std::vector<std::string>;

ParseResult parse(const Arguments& arguments) {
    std::vector<const char*> argv{"leakcheck"};
    for (const std::string& argument : arguments) argv.push_back(argument.c_str());
    return parse_options(static_cast<int>(argv.size()), argv.data(), no_config_source());
}

Options run_of(const Arguments& arguments) {
    const ParseResult result = parse(arguments);
    if (const auto* error = std::get_if<UsageError>(&result)) ADD_FAILURE() << error->message;
    const auto* options = std::get_if<Options>(&result);
    if (options == nullptr) ADD_FAILURE() << "not the options of a run";
    return options == nullptr ? Options{} : *options;
}

// The message; "(accepted)" when there is none.
std::string error_of(const Arguments& arguments) {
    const ParseResult result = parse(arguments);
    const auto* error = std::get_if<UsageError>(&result);
    if (error == nullptr) return "(accepted)";
    EXPECT_EQ(error->status, 125);
    EXPECT_THAT(error->message, Not(HasSubstr("\n")));
    return error->message;
}

// Options before a command that is always there.
Options with(Arguments options) {
    options.insert(options.end(), {"--", "./t"});
    return run_of(options);
}

std::string error_with(Arguments options) {
    options.insert(options.end(), {"--", "./t"});
    return error_of(options);
}

TEST(Options, Defaults) {
    const Options options = run_of({"--", "./unit_tests"});
    EXPECT_THAT(options.command, ElementsAre("./unit_tests"));
    EXPECT_EQ(options.sampling.kind, SamplingKind::counted);
    EXPECT_EQ(options.first_samples, 2u);
    EXPECT_FALSE(options.profile_tests);
    EXPECT_EQ(options.min_size, 0u);
    EXPECT_EQ(options.max_size, UINT64_MAX);
    EXPECT_EQ(options.stack_depth, 127u);
    EXPECT_EQ(options.budget.bytes, 0u);
    EXPECT_FALSE(options.budget.bytes_given);
    EXPECT_FALSE(options.budget.blocks_given);
    EXPECT_FALSE(options.gate_outside_tests);
    EXPECT_EQ(options.error_exitcode, 23);
    EXPECT_FALSE(options.exit_zero);
    EXPECT_EQ(options.top, 10u);
    EXPECT_EQ(options.verbosity, Verbosity::normal);
    EXPECT_EQ(options.colour, ColourChoice::automatic);
    EXPECT_EQ(options.github, GithubChoice::automatic);
    EXPECT_EQ(options.as_root, AsRoot::no);
    EXPECT_FALSE(options.reports.json);
    EXPECT_FALSE(options.source_root);
    EXPECT_EQ(options.maps.live, 2097152u);
    EXPECT_EQ(options.maps.stacks, 65536u);
    EXPECT_EQ(options.maps.processes, 16384u);
    EXPECT_EQ(options.maps.tests, 65536u);
    EXPECT_EQ(options.sampling.text, "counted");
}

TEST(Options, AgesAreKnownOfTracedBlocksOnly) {
    EXPECT_EQ(with({"--older", "5"}).sampling.text, "1:1");
    EXPECT_EQ(with({"--older", "5", "-s", "100"}).sampling.text, "1:100");
    EXPECT_THAT(error_with({"--older", "5", "--sampling", "counted"}), HasSubstr("use -s 1"));
}

TEST(Options, TheCommandKeepsItsArgumentsAsTheyAre) {
    EXPECT_THAT(run_of({"--", "./t", "--json", "x", "--", "-s", ""}).command,
                ElementsAre("./t", "--json", "x", "--", "-s", ""));
    EXPECT_THAT(run_of({"./t", "-s", "0", "--help"}).command,
                ElementsAre("./t", "-s", "0", "--help"));
    EXPECT_THAT(run_of({"-s", "5", "./t", "--", "x"}).command, ElementsAre("./t", "--", "x"));
    EXPECT_THAT(run_of({"--", "--t"}).command, ElementsAre("--t"));
    EXPECT_THAT(run_of({"--", "doctor", "--json"}).command, ElementsAre("doctor", "--json"));
    EXPECT_THAT(run_of({"--", "replay"}).command, ElementsAre("replay"));
    EXPECT_THAT(run_of({"-"}).command, ElementsAre("-"));
}

TEST(Options, TheSecondRun) {
    const Options usual = with({});
    EXPECT_EQ(usual.confirm, ConfirmChoice::automatic);
    EXPECT_EQ(usual.not_reproduced, NotReproducedPolicy::fail);
    EXPECT_EQ(usual.repetitions, 1u);
    EXPECT_FALSE(usual.confirm_timeout_s);
    const Options given =
        with({"--confirm", "--not-reproduced", "warn", "--repeat=5", "--gate-one-time",
              "--confirm-timeout", "90", "--confirm-log", "second.log"});
    EXPECT_EQ(given.confirm, ConfirmChoice::on);
    EXPECT_EQ(given.not_reproduced, NotReproducedPolicy::warn);
    EXPECT_EQ(given.repetitions, 5u);
    EXPECT_TRUE(given.gate_one_time);
    EXPECT_EQ(given.confirm_timeout_s, 90u);
    EXPECT_EQ(given.reports.confirm_log, "second.log");
    EXPECT_EQ(with({"--no-confirm"}).confirm, ConfirmChoice::off);
    EXPECT_THAT(error_with({"--confirm", "--no-confirm"}), HasSubstr("excludes"));
    EXPECT_THAT(error_with({"--no-confirm", "--repeat", "2"}), HasSubstr("--repeat asks for"));
    EXPECT_THAT(error_with({"--not-reproduced", "maybe"}), HasSubstr("fail|warn|ignore"));
    EXPECT_THAT(error_with({"--repeat", "0"}), HasSubstr("from 1 to 1000"));
}

TEST(Options, KindsOfBlocks) {
    EXPECT_EQ(with({}).check, CheckChoice::exit);
    EXPECT_EQ(with({"--check", "none"}).check, CheckChoice::none);
    EXPECT_EQ(with({"--check", "test-end"}).check, CheckChoice::test_end);
    EXPECT_EQ(with({"--check", "test-end", "-s", "1"}).check, CheckChoice::test_end);
    EXPECT_THAT(error_with({"--check", "test-end", "-s", "10"}), HasSubstr("every block"));
    EXPECT_THAT(error_with({"--check", "test-end", "-z", "8"}), HasSubstr("every block"));
    EXPECT_THAT(error_with({"--check", "never"}), HasSubstr("none|exit"));
    EXPECT_EQ(with({}).fail_on, failing_by_default);
    EXPECT_EQ(with({"--fail-on", "definite"}).fail_on, LeakKinds{LeakKind::definite});
    EXPECT_EQ(with({"--fail-on=possible,reachable,possible"}).fail_on,
              (LeakKinds{LeakKind::possible, LeakKind::reachable}));
    EXPECT_EQ(with({"--fail-on", "definite,all"}).fail_on, all_leak_kinds());
    EXPECT_EQ(with({}).show, shown_by_default);
    EXPECT_EQ(with({"--show", "reachable"}).show, LeakKinds{LeakKind::reachable});
}

TEST(Options, KindsThatAreNone) {
    EXPECT_THAT(error_with({"--fail-on", "reachble"}),
                HasSubstr("\"reachble\" is no kind of block (did you mean reachable?);"));
    EXPECT_THAT(error_with({"--fail-on", "lost"}),
                HasSubstr("\"lost\" is no kind of block; give some of definite, indirect, "
                          "possible, reachable, referenced, unclassified, outstanding, "
                          "released-late, all"));
    for (const char* text :
         {",", "definite,", ",definite", "definite,,possible", "Definite", "definite possible"}) {
        EXPECT_THAT(error_with({"--show", text}), HasSubstr("is no kind of block")) << text;
    }
}

TEST(Options, TheLimitOfOverhead) {
    EXPECT_EQ(overhead_limit(with({})), 50u);
    EXPECT_EQ(overhead_limit(with({"-s", "1"})), 0u) << "everything is traced, whatever it costs";
    EXPECT_EQ(overhead_limit(with({"-s", "100"})), 50u);
    EXPECT_EQ(overhead_limit(with({"--max-overhead", "20"})), 20u);
    EXPECT_EQ(overhead_limit(with({"-s", "100", "--max-overhead", "0"})), 0u);
    EXPECT_THAT(error_with({"--max-overhead", "101"}), HasSubstr("from 0 to 100"));
}

TEST(Options, TheSecondRunTracesEverything) {
    const Options exact = exact_options(with({"-s", "100", "--max-overhead", "20"}));
    EXPECT_TRUE(traces_everything(exact));
    EXPECT_EQ(overhead_limit(exact), 0u);
    EXPECT_FALSE(traces_everything(with({"-s", "100"})));
}

TEST(Options, ValuesInEveryForm) {
    for (const Arguments& form :
         {Arguments{"-s", "200"}, Arguments{"-s200"}, Arguments{"--sample-rate", "200"},
          Arguments{"--sample-rate=200"}, Arguments{"--sampling", "1:200"},
          Arguments{"--sampling=1:200"}}) {
        EXPECT_EQ(with(form).sampling.rate, 200u) << form[0];
        EXPECT_EQ(with(form).sampling.text, "1:200");
    }
}

TEST(Options, FirstSamplesHaveADefaultOfTheMode) {
    EXPECT_EQ(with({"--sampling", "adaptive"}).first_samples, 32u);
    EXPECT_EQ(with({"--sampling", "counted"}).first_samples, 2u);
    EXPECT_EQ(with({"--sampling", "bytes:4k"}).first_samples, 0u);
    EXPECT_EQ(with({"--sampling", "adaptive", "--first-samples", "5"}).first_samples, 5u);
}

TEST(Options, TheLastValueWins) {
    EXPECT_EQ(with({"-s", "2", "--sample-rate", "3"}).sampling.rate, 3u);
}

TEST(Options, RepeatableValuesAllCount) {
    const Options options = with({"--not-my-code", "gen/**", "--path-prefix-map", "/build=.",
                                  "--not-my-code=**/*.pb.cc", "--path-prefix-map=/a=b=c"});
    EXPECT_THAT(options.not_my_code, ElementsAre("gen/**", "**/*.pb.cc"));
    EXPECT_THAT(options.path_mappings,
                ElementsAre(PathMapping{"/build", "."}, PathMapping{"/a", "b=c"}));
    EXPECT_EQ(options.command, with({}).command);
}

TEST(Options, EverythingAtOnce) {
    const Options options = with({"-s",
                                  "4294967296",
                                  "-z",
                                  "16",
                                  "-Z",
                                  "4 KiB",
                                  "-o",
                                  "1500",
                                  "-T",
                                  "0",
                                  "--max-leaked-bytes",
                                  "10 kB",
                                  "--max-leaked-blocks",
                                  "7",
                                  "--gate-outside-tests",
                                  "--exit-zero",
                                  "--seed",
                                  "18446744073709551615",
                                  "--stack-depth",
                                  "64",
                                  "--engine",
                                  "sampler",
                                  "--github",
                                  "--verbose",
                                  "--color",
                                  "never",
                                  "--as-root",
                                  "--max-live",
                                  "1000",
                                  "--max-stacks",
                                  "1001",
                                  "--max-processes",
                                  "1002",
                                  "--max-tests",
                                  "1003",
                                  "--record",
                                  "run.rec",
                                  "--source-root",
                                  "src"});
    EXPECT_EQ(options.sampling.rate, std::uint64_t{1} << 32);
    EXPECT_EQ(options.min_size, 16u);
    EXPECT_EQ(options.max_size, 4096u);
    EXPECT_EQ(options.min_age_ms, 1500u);
    EXPECT_EQ(options.top, 0u);
    EXPECT_EQ(options.budget.bytes, 10000u);
    EXPECT_TRUE(options.budget.bytes_given);
    EXPECT_EQ(options.budget.blocks, 7u);
    EXPECT_TRUE(options.budget.blocks_given);
    EXPECT_TRUE(options.gate_outside_tests);
    EXPECT_TRUE(options.exit_zero);
    EXPECT_EQ(options.seed, UINT64_MAX);
    EXPECT_EQ(options.stack_depth, 64u);
    EXPECT_EQ(options.github, GithubChoice::on);
    EXPECT_EQ(options.verbosity, Verbosity::verbose);
    EXPECT_EQ(options.colour, ColourChoice::never);
    EXPECT_EQ(options.as_root, AsRoot::yes);
    EXPECT_EQ(options.maps.live, 1000u);
    EXPECT_EQ(options.maps.stacks, 1001u);
    EXPECT_EQ(options.maps.processes, 1002u);
    EXPECT_EQ(options.maps.tests, 1003u);
    EXPECT_EQ(options.reports.record, "run.rec");
    EXPECT_EQ(options.source_root, "src");
}

TEST(Options, ChoicesOfTheConsole) {
    EXPECT_EQ(with({"--quiet"}).verbosity, Verbosity::quiet);
    EXPECT_EQ(with({"--no-github"}).github, GithubChoice::off);
    EXPECT_EQ(with({"--color=always"}).colour, ColourChoice::always);
    EXPECT_EQ(with({"--color", "auto"}).colour, ColourChoice::automatic);
    EXPECT_EQ(with({"--error-exitcode", "255"}).error_exitcode, 255);
}

TEST(Options, ABudgetOfZeroIsABudgetGiven) {
    EXPECT_TRUE(with({"--max-leaked-bytes", "0"}).budget.bytes_given);
    EXPECT_TRUE(with({"--max-leaked-blocks", "0"}).budget.blocks_given);
}

TEST(Options, TheReportFolderNamesWhatIsNotNamed) {
    const Options options = with({"--report-dir", "out", "--sarif", "elsewhere.sarif"});
    EXPECT_EQ(options.reports.directory, "out");
    EXPECT_EQ(options.reports.json, "out/leakcheck.json");
    EXPECT_EQ(options.reports.junit, "out/leakcheck.xml");
    EXPECT_EQ(options.reports.sarif, "elsewhere.sarif");
    EXPECT_FALSE(options.reports.record);
}

struct BadValue {
    Arguments options;
    const char* message;
};

TEST(Options, ABadValueNamesOptionValueAndWhatIsAccepted) {
    const std::vector<BadValue> cases{
        {{"-s", "0"},
         "--sample-rate: \"0\" is not accepted; give a whole number from 1 to 4294967296"},
        {{"-s", "4294967297"},
         "--sample-rate: \"4294967297\" is not accepted; give a whole number from 1 to 4294967296"},
        {{"-s", "-5"},
         "--sample-rate: \"-5\" is not accepted; give a whole number from 1 to 4294967296"},
        {{"-s", "1.5"},
         "--sample-rate: \"1.5\" is not accepted; give a whole number from 1 to 4294967296"},
        {{"-s=5"},
         "--sample-rate: \"=5\" is not accepted; give a whole number from 1 to 4294967296"},
        {{"--sampling", "0:5"},
         "--sampling: \"0:5\" is not accepted; give counted, adaptive, adaptive:N, 1:N, bytes:T, "
         "auto-rate, or rates by size such as \"<1k=1:5000,1k-64k=1:1000,>64k=1:100\""},
        {{"--sampling", "1:0"},
         "--sampling: \"1:0\" is not accepted; give 1:N with N from 1 to 4294967296"},
        {{"--first-samples", "0"},
         "--first-samples: \"0\" is not accepted; give a whole number from 1 to 1048576"},
        {{"-s", "1", "--first-samples", "4"},
         "--first-samples is for --sampling adaptive and counted; 1:1 has no calling contexts"},
        {{"-z", "big"},
         "--min-size: \"big\" is not accepted; give a size such as 4096, 4k (4000) or 4KiB (4096)"},
        {{"-Z", "-1"},
         "--max-size: \"-1\" is not accepted; give a size such as 4096, 4k (4000) or 4KiB (4096)"},
        {{"--max-leaked-bytes", "1.5MB"},
         "--max-leaked-bytes: \"1.5MB\" is not accepted; give a size such as 4096, 4k (4000) or "
         "4KiB (4096)"},
        {{"--max-leaked-blocks", "3k"},
         "--max-leaked-blocks: \"3k\" is not accepted; give a whole number, 0 or more"},
        {{"-o", "1s"}, "--older: \"1s\" is not accepted; give a whole number, 0 or more"},
        {{"--error-exitcode", "0"},
         "--error-exitcode: \"0\" is not accepted; give a whole number from 1 to 255"},
        {{"--error-exitcode", "256"},
         "--error-exitcode: \"256\" is not accepted; give a whole number from 1 to 255"},
        {{"--stack-depth", "128"},
         "--stack-depth: \"128\" is not accepted; give a whole number from 0 to 127"},
        {{"--max-live", "0"},
         "--max-live: \"0\" is not accepted; give a whole number from 1 to 1073741824"},
        {{"--max-tests", "1073741825"},
         "--max-tests: \"1073741825\" is not accepted; give a whole number from 1 to 1073741824"},
        {{"--color", "yes"}, "--color: \"yes\" is not accepted; give one of auto|always|never"},
        {{"--engine", "magic"}, "--engine: \"magic\" is not accepted; give auto or sampler"},
        {{"--json", "-"},
         "--json: \"-\" is not accepted; give a path (/dev/stdout for standard output)"},
        {{"--path-prefix-map", "/build"},
         "--path-prefix-map: \"/build\" is not accepted; give OLD=NEW, the start of recorded paths "
         "and what stands for it here"},
        {{"--path-prefix-map", "=/src"},
         "--path-prefix-map: \"=/src\" is not accepted; give OLD=NEW, the start of recorded paths "
         "and what stands for it here"},
        {{"--path-prefix-map=/build="},
         "--path-prefix-map: \"/build=\" is not accepted; give OLD=NEW, the start of recorded "
         "paths "
         "and what stands for it here"},
        {{"--not-my-code", "/usr/include/**"},
         "--not-my-code: \"/usr/include/**\" is not accepted; give a glob relative to the source "
         "root, such as generated/** or **/*.pb.cc"},
        {{"--report-dir=-"},
         "--report-dir: \"-\" is not accepted; give a path (/dev/stdout for standard output)"},
    };
    for (const BadValue& bad : cases)
        EXPECT_EQ(error_with(bad.options), bad.message) << bad.options[0];
}

TEST(Options, EnginesOfLaterVersions) {
    EXPECT_EQ(error_with({"--engine", "uprobe"}),
              "--engine: engine \"uprobe\" is not available in this version; use auto or sampler");
    EXPECT_THAT(error_with({"--engine=ring"}), HasSubstr("not available in this version"));
}

TEST(Options, AMissingValueIsSaidSo) {
    EXPECT_EQ(error_of({"--json"}), "--json needs a value: --json FILE");
    EXPECT_EQ(error_of({"--json", "--", "./t"}), "--json needs a value: --json FILE");
    EXPECT_EQ(error_with({"--json="}), "--json needs a value: --json FILE");
    EXPECT_EQ(error_with({"--json", ""}), "--json needs a value: --json FILE");
    EXPECT_EQ(error_of({"-s"}), "-s needs a value: -s N");
}

TEST(Options, AFlagTakesNoValue) {
    EXPECT_EQ(error_with({"--quiet=yes"}), "--quiet takes no value");
    EXPECT_EQ(error_with({"-hx"}), "-h takes no value");
}

TEST(Options, AnUnknownOptionNamesTheNearest) {
    EXPECT_EQ(error_with({"--jsno", "x"}), "unknown option --jsno; did you mean --json?");
    EXPECT_EQ(error_with({"--max-leaked-byte=1"}),
              "unknown option --max-leaked-byte; did you mean --max-leaked-bytes?");
    EXPECT_EQ(error_with({"--xyzzy"}),
              "unknown option --xyzzy; leakcheck --help lists the known ones");
    EXPECT_EQ(error_with({"-x"}), "unknown option -x; leakcheck --help lists the known ones");
    EXPECT_THAT(error_with({"--js"}), HasSubstr("unknown option --js;"));  // no abbreviations
}

TEST(Options, OptionsOfLaterVersionsAreNotAccepted) {
    for (const char* option :
         {"-p", "-O", "-K", "-a", "-t", "--markdown", "--html", "--codequality", "--folded"}) {
        EXPECT_THAT(error_with({option, "1"}),
                    HasSubstr(std::string("unknown option ") + option + ";"))
            << option;
    }
}

TEST(Options, CommandsOfLaterVersionsAreNotAccepted) {
    for (const char* word : {"merge", "import", "replay"}) {
        EXPECT_EQ(error_of({word, "x"}), std::string(word) +
                                             " is not available in this version (to run a program "
                                             "of that name, put -- before it)");
        EXPECT_NE(error_of({"--quiet", word}), "(accepted)");
    }
}

TEST(Options, ContradictionsAreRefused) {
    EXPECT_THAT(error_with({"--quiet", "--verbose"}), HasSubstr("excludes"));
    EXPECT_THAT(error_with({"--github", "--no-github"}), HasSubstr("excludes"));
    EXPECT_THAT(error_with({"-s", "1", "--sampling", "1:2"}), HasSubstr("excludes"));
    EXPECT_THAT(error_with({"--exit-zero", "--error-exitcode", "9"}), HasSubstr("excludes"));
    EXPECT_EQ(error_with({"--json", "a", "--json", "b"}),
              "--json: given more than once; give one path");
    EXPECT_EQ(error_with({"-z", "10", "-Z", "9"}),
              "--min-size 10 is above --max-size 9: no allocation would be traced");
    EXPECT_EQ(error_with({"-z", "10", "-Z", "10"}), "(accepted)");
}

TEST(Options, NoCommand) {
    const std::string message = "no command given; usage: leakcheck [OPTIONS] -- COMMAND [ARG...]";
    EXPECT_EQ(error_of({}), message);
    EXPECT_EQ(error_of({"--"}), message);
    EXPECT_EQ(error_of({"--quiet"}), message);
    EXPECT_NE(error_of({"-s", "5"}), "(accepted)");
}

TEST(Options, HostileTextIsOnlyText) {
    EXPECT_EQ(with({"--json", "[a,b]"}).reports.json, "[a,b]");
    EXPECT_EQ(with({"--json", "--quiet"}).reports.json, "--quiet");
    EXPECT_EQ(with({"--json=a=b"}).reports.json, "a=b");
    EXPECT_THAT(with({"--not-my-code", "[ab]", "--not-my-code", "[a,b]/**"}).not_my_code,
                ElementsAre("[ab]", "[a,b]/**"));
    EXPECT_EQ(with({"--json", "\"a b\""}).reports.json, "\"a b\"");
    EXPECT_EQ(with({"--json", "\xff\x01"}).reports.json, "\xff\x01");
    EXPECT_THAT(error_with({"--" + std::string(100000, 'x')}), HasSubstr("unknown option"));
    EXPECT_THAT(error_with({"---"}), HasSubstr("unknown option"));
    EXPECT_THAT(error_with({"--=x"}), HasSubstr("unknown option"));
}

TEST(Options, HelpShowsEveryGroupAndOption) {
    for (const Arguments& arguments :
         {Arguments{"--help"}, Arguments{"-h"}, Arguments{"-s", "0", "--help", "./t"}}) {
        const ParseResult result = parse(arguments);
        const auto* now = std::get_if<ExitNow>(&result);
        ASSERT_NE(now, nullptr);
        EXPECT_EQ(now->status, 0);
        for (const char* text :
             {"Usage: leakcheck [OPTIONS] -- COMMAND [ARG...]", "leakcheck doctor",
              "What is traced:", "What is a failure:", "Reports:", "Console:",
              "Privileges and limits:", "-s,--sample-rate N", "-Z,--max-size SIZE",
              "--report-dir DIR", "--as-root", "Exit status", "4 KiB = 4096"}) {
            EXPECT_THAT(now->text, HasSubstr(text));
        }
        EXPECT_EQ(now->text.back(), '\n');
    }
}

TEST(Options, Version) {
    const auto verbosity_of = [](const Arguments& arguments) {
        return std::get<VersionOptions>(parse(arguments)).verbosity;
    };
    EXPECT_EQ(verbosity_of({"--version"}), Verbosity::normal);
    EXPECT_EQ(verbosity_of({"--version", "--verbose"}), Verbosity::verbose);
    EXPECT_EQ(version_line(), "leakcheck " + tool_version() + "\n");
    EXPECT_THAT(build_facts(), HasSubstr("compiler: "));
    EXPECT_THAT(build_facts(), HasSubstr("pugixml: 1."));
    EXPECT_THAT(build_facts(),
                HasSubstr("abi version: " + std::to_string(LEAKCHECK_ABI_VERSION) + "\n"));
}

TEST(Options, ForCTest) {
    const Options usual = with({});
    EXPECT_FALSE(usual.cdash);
    EXPECT_FALSE(usual.reports.valgrind);
    const Options given = with({"--cdash", "--valgrind", "MemoryChecker.1.log"});
    EXPECT_TRUE(given.cdash);
    EXPECT_EQ(given.reports.valgrind, "MemoryChecker.1.log");
}

TEST(Options, Doctor) {
    EXPECT_FALSE(std::get<DoctorOptions>(parse({"doctor"})).json);
    EXPECT_TRUE(std::get<DoctorOptions>(parse({"doctor", "--json"})).json);
    EXPECT_THAT(std::get<ExitNow>(parse({"doctor", "--help"})).text, HasSubstr("--json"));
    EXPECT_EQ(error_of({"doctor", "now"}), "doctor takes no arguments, but was given \"now\"");
    EXPECT_THAT(error_of({"doctor", "--jsno"}), HasSubstr("did you mean --json?"));
    EXPECT_THAT(error_of({"--quiet", "doctor"}), HasSubstr("put -- before it"));
}

TEST(Options, Explain) {
    const auto listed = std::get<ExplainOptions>(parse({"explain", "result.json"}));
    EXPECT_EQ(listed.result, "result.json");
    EXPECT_EQ(listed.leak, "");
    const auto one = std::get<ExplainOptions>(parse({"explain", "result.json", "Suite.Test"}));
    EXPECT_EQ(one.leak, "Suite.Test");
    EXPECT_THAT(std::get<ExitNow>(parse({"explain", "--help"})).text,
                HasSubstr("leakcheck explain RESULT.json [LEAK]"));
    EXPECT_THAT(error_of({"explain"}), HasSubstr("leakcheck explain RESULT.json [LEAK]"));
    EXPECT_THAT(error_of({"explain", "a", "b", "c"}), HasSubstr("takes a result file and a leak"));
    EXPECT_THAT(error_of({"explain", "--json", "a"}), HasSubstr("unknown option --json"));
    EXPECT_THAT(error_of({"--quiet", "explain", "a"}), HasSubstr("put -- before it"));
    EXPECT_THAT(run_of({"--", "explain", "a"}).command, ElementsAre("explain", "a"));
}

TEST(Options, Baseline) {
    using Action = BaselineOptions::Action;
    const auto baseline = [](const Arguments& arguments) {
        return std::get<BaselineOptions>(parse(arguments));
    };
    const BaselineOptions update = baseline(
        {"baseline", "update", "a.json", "--baseline", "b.json", "c.json", "--allow-growth"});
    EXPECT_EQ(update.action, Action::update);
    EXPECT_EQ(update.file, "b.json");
    EXPECT_THAT(update.results, ElementsAre("a.json", "c.json"));
    EXPECT_TRUE(update.allow_growth);
    EXPECT_EQ(baseline({"baseline", "show", "--baseline=b"}).action, Action::show);
    EXPECT_EQ(baseline({"baseline", "prune", "r", "--baseline=b"}).action, Action::prune);
    EXPECT_EQ(baseline({"baseline", "create", "r", "--baseline=b"}).action, Action::create);
    EXPECT_THAT(std::get<ExitNow>(parse({"baseline", "--help"})).text, HasSubstr("create"));
}

TEST(Options, BaselineThatIsNotAsItShouldBe) {
    EXPECT_THAT(error_of({"baseline"}), HasSubstr("usage: leakcheck baseline"));
    EXPECT_THAT(error_of({"baseline", "creat", "r"}), HasSubstr("did you mean create?"));
    EXPECT_THAT(error_of({"baseline", "create", "r"}), HasSubstr("which file?"));
    EXPECT_THAT(error_of({"baseline", "create", "--baseline", "b"}), HasSubstr("which results?"));
    EXPECT_THAT(error_of({"baseline", "prune", "r", "--baseline", "b", "--allow-growth"}),
                HasSubstr("--allow-growth is for baseline update"));
    EXPECT_THAT(error_of({"baseline", "prune", "r", "--basline", "b"}), HasSubstr("usage: "));
    EXPECT_THAT(error_of({"--quiet", "baseline", "show"}), HasSubstr("put -- before it"));
}

TEST(Options, KnownLeaks) {
    const Options options = with({"--suppressions", "a", "--suppressions=b", "--baseline", "c",
                                  "--ratchet", "--no-default-suppressions"});
    EXPECT_THAT(options.suppression_files, ElementsAre("a", "b"));
    EXPECT_EQ(options.baseline, "c");
    EXPECT_TRUE(options.ratchet);
    EXPECT_FALSE(options.default_suppressions);
    EXPECT_TRUE(with({}).default_suppressions);
    EXPECT_FALSE(with({}).ratchet);
}

TEST(Options, NoArgumentsAtAll) {
    EXPECT_TRUE(std::holds_alternative<UsageError>(parse_options(0, nullptr, no_config_source())));
}

}  // namespace
}  // namespace leakcheck
