// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/options.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include "runner/cli/arguments.hpp"
#include "runner/cli/baseline_options.hpp"
#include "runner/cli/option_adder.hpp"
#include "runner/cli/run_options.hpp"
#include "runner/config/configure.hpp"

namespace leakcheck {
namespace {

constexpr std::string_view usage_text =
    "Usage: leakcheck [OPTIONS] -- COMMAND [ARG...]\n"
    "       leakcheck baseline create|update|show|prune --baseline FILE [RESULT.json...]\n"
    "       leakcheck doctor [--json]\n"
    "       leakcheck explain RESULT.json [LEAK]\n"
    "\n"
    "Finds the tests that leak, and the lines they leak from. doctor says whether it can work\n"
    "here, and what to mend; explain says what keeps a leak of a --json file: LEAK is its\n"
    "number, fingerprint, test or site, and without it they are listed.\n";

constexpr std::string_view footer_text =
    "Every option but --as-root has a key in leakcheck.json, JSON with comments: its name with _ "
    "for\n"
    "-, such as \"max_leaked_bytes\": \"4 kB\". The command line wins; --no-FLAG takes back a "
    "flag.\n"
    "\n"
    "SIZE is a number of bytes, or one with k, M, G, T (1000) or Ki, Mi, Gi, Ti (1024):\n"
    "4096, 4k = 4 kB = 4000, 4Ki = 4 KiB = 4096.\n"
    "KINDS are some of definite, indirect, possible, reachable, referenced, unclassified,\n"
    "outstanding, released-late, with commas between them, or all.\n"
    "\n"
    "Exit status: the command's own when it is not 0 (128+N for signal N); else 23 when a\n"
    "budget is exceeded, 0 when not. 125: leakcheck could not do its job. 126: the command\n"
    "cannot be executed. 127: it was not found.";

constexpr std::array subcommands{"baseline", "doctor", "explain"};

// Subcommands of later versions: a program of that name still runs, behind "--".
constexpr std::array reserved_words{"merge", "import", "replay"};

class HelpFormatter : public CLI::Formatter {
  public:
    HelpFormatter() { column_width(30); }
    std::string make_usage(const CLI::App*, std::string) const override {
        return std::string(usage_text);
    }
    // The value's placeholder alone: what excludes what is said when it happens.
    std::string make_option_opts(const CLI::Option* option) const override {
        return option->get_type_size() == 0 ? "" : " " + option->get_type_name();
    }
};

// A parser and what it fills. Not to be moved: the parser refers to the options beside it.
struct Parser {
    CLI::App app{"", "leakcheck"};
    OptionShapes shapes;
    Options options;
    DoctorOptions doctor;
    bool version = false;

    Parser() { app.formatter(std::make_shared<HelpFormatter>()); }
    Parser(const Parser&) = delete;
    Parser& operator=(const Parser&) = delete;
};

void add_help(CLI::App& app) {
    app.set_help_flag("-h,--help", "print this help")->group("Other");
}

void add_options(Parser& parser) {
    add_run_options(parser.app, parser.options, parser.shapes);
    OptionAdder(parser.app, "Other", parser.shapes)
        .flag("--version",
              "print the version; with --verbose, its libraries and what this machine offers",
              [&parser] { parser.version = true; });
    add_help(parser.app);
    parser.app.footer(std::string(footer_text));
}

void add_doctor_options(Parser& parser) {
    OptionAdder(parser.app, "Doctor", parser.shapes)
        .flag("--json", "print the checks as JSON", [&parser] { parser.doctor.json = true; });
    add_help(parser.app);
}

// Gives --help, whatever else is given, and the errors of single options; nullopt when all went
// well.
std::optional<ParseResult> parse_values(Parser& parser, std::vector<std::string> arguments) {
    if (std::find(arguments.begin(), arguments.end(), "--help") != arguments.end()) {
        return ExitNow{0, parser.app.help()};
    }
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
    try {
        parser.app.parse(std::move(arguments));
    } catch (const CLI::ParseError& error) {
        return UsageError{own_error_status, error.what()};
    }
    return std::nullopt;
}

void name_reports(ReportPaths& reports) {
    if (!reports.directory) return;
    const std::filesystem::path& directory = *reports.directory;
    if (!reports.json) reports.json = directory / "leakcheck.json";
    if (!reports.junit) reports.junit = directory / "leakcheck.xml";
    if (!reports.sarif) reports.sarif = directory / "leakcheck.sarif";
}

UsageError usage_error(std::string message) {
    return {own_error_status, std::move(message)};
}

std::optional<UsageError> check_command(const SplitArguments& split) {
    if (split.command.empty()) {
        return usage_error("no command given; usage: leakcheck [OPTIONS] -- COMMAND [ARG...]");
    }
    if (split.separator == Separator::present) return std::nullopt;
    const std::string& word = split.command.front();
    if (std::find(subcommands.begin(), subcommands.end(), word) != subcommands.end()) {
        return usage_error(
            fmt::format("{} takes no options of a run, and comes first: leakcheck {} ... (to run a "
                        "program of that name, put -- before it)",
                        word, word));
    }
    if (std::find(reserved_words.begin(), reserved_words.end(), word) != reserved_words.end()) {
        return usage_error(
            fmt::format("{} is not available in this version (to run a program of that name, "
                        "put -- before it)",
                        word));
    }
    return std::nullopt;
}

// The table of counted blocks does not say when they were made.
std::optional<UsageError> choose_mode_for_age(Options& options) {
    if (options.min_age_ms == 0 || options.sampling.kind != SamplingKind::counted) {
        return std::nullopt;
    }
    if (options.sampling_given) {
        return usage_error(
            "--older is not for --sampling counted, which keeps no times; use -s 1 instead");
    }
    options.sampling = one_in(1);
    return std::nullopt;
}

ParseResult finish(Parser& parser, const SplitArguments& split) {
    Options& options = parser.options;
    if (options.min_size > options.max_size) {
        return usage_error(
            fmt::format("--min-size {} is above --max-size {}: no allocation would be traced",
                        options.min_size, options.max_size));
    }
    if (auto error = choose_mode_for_age(options)) return *error;
    const std::uint32_t first_samples = default_first_samples(options.sampling.kind);
    if (first_samples == 0 && options.first_samples_given) {
        return usage_error(fmt::format(
            "--first-samples is for --sampling adaptive and counted; {} has no calling contexts",
            options.sampling.text));
    }
    if (!options.first_samples_given) options.first_samples = first_samples;
    if (options.confirm == ConfirmChoice::off && options.repetitions > 1) {
        return usage_error(
            "--repeat asks for the run that --no-confirm leaves out; drop one of them");
    }
    if (options.check == CheckChoice::test_end && !knows_all_blocks(options)) {
        return usage_error(
            "--check test-end follows pointers through every block; use it with --sampling counted "
            "or -s 1, and blocks of all sizes");
    }
    options.command = split.command;
    name_reports(options.reports);
    return options;
}

// The same command line, with what the configuration adds.
ParseResult parse_configured(Configured configured, const SplitArguments& split) {
    Parser parser;
    add_options(parser);
    if (auto early = parse_values(parser, std::move(configured.arguments))) return *early;
    parser.options.config_path = std::move(configured.config_path);
    parser.options.config_name = std::move(configured.config_name);
    parser.options.budget_rules = std::move(configured.budgets);
    return finish(parser, split);
}

ParseResult parse_run(std::span<const std::string> arguments, const ConfigSource& config) {
    Parser parser;
    add_options(parser);
    const auto split = split_arguments(parser.app, arguments);
    if (const auto* problem = std::get_if<Problem>(&split)) return usage_error(problem->message);
    const auto& parts = std::get<SplitArguments>(split);
    if (auto early = parse_values(parser, parts.options)) return *early;
    if (parser.version) return VersionOptions{parser.options.verbosity};
    if (auto error = check_command(parts)) return *error;
    auto configured = configure(parser.options, parts, config);
    if (const auto* problem = std::get_if<Problem>(&configured))
        return usage_error(problem->message);
    return parse_configured(std::get<Configured>(std::move(configured)), parts);
}

// What a subcommand has: its own options, and what stands behind them.
using Arguments = std::vector<std::string>;
std::variant<Arguments, ParseResult> parse_subcommand(Parser& parser,
                                                      std::span<const std::string> arguments) {
    const auto split = split_arguments(parser.app, arguments);
    if (const auto* problem = std::get_if<Problem>(&split))
        return ParseResult(usage_error(problem->message));
    const auto& parts = std::get<SplitArguments>(split);
    if (auto early = parse_values(parser, parts.options)) return *early;
    return parts.command;
}

ParseResult parse_doctor(std::span<const std::string> arguments) {
    Parser parser;
    add_doctor_options(parser);
    const auto parsed = parse_subcommand(parser, arguments);
    if (const auto* early = std::get_if<ParseResult>(&parsed)) return *early;
    const Arguments& rest = std::get<Arguments>(parsed);
    if (!rest.empty()) {
        return usage_error(
            fmt::format("doctor takes no arguments, but was given \"{}\"", rest.front()));
    }
    return parser.doctor;
}

ParseResult parse_explain(std::span<const std::string> arguments) {
    Parser parser;
    add_help(parser.app);
    const auto parsed = parse_subcommand(parser, arguments);
    if (const auto* early = std::get_if<ParseResult>(&parsed)) return *early;
    const Arguments& rest = std::get<Arguments>(parsed);
    if (rest.empty() || rest.size() > 2 || rest[0].empty()) {
        return usage_error(
            "explain takes a result file and a leak: leakcheck explain RESULT.json [LEAK]");
    }
    return ExplainOptions{rest[0], rest.size() == 2 ? rest[1] : ""};
}

}  // namespace

ParseResult parse_options(int argc, const char* const* argv, const ConfigSource& config) {
    std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
    const std::span<const std::string> all(arguments);
    if (!all.empty() && all.front() == "doctor") return parse_doctor(all.subspan(1));
    if (!all.empty() && all.front() == "explain") return parse_explain(all.subspan(1));
    if (!all.empty() && all.front() == "baseline") return parse_baseline(all.subspan(1));
    return parse_run(all, config);
}

bool knows_all_blocks(const Options& options) {
    return is_exact(options.sampling.kind, options.sampling.rate) && options.min_size == 0 &&
           options.max_size == UINT64_MAX;
}

bool traces_everything(const Options& options) {
    return options.sampling.kind == SamplingKind::one_in && options.sampling.rate == 1;
}

Options exact_options(const Options& options) {
    Options exact = options;
    exact.sampling = one_in(1);
    exact.first_samples = 0;
    exact.max_overhead = 0;
    exact.duration_s.reset();
    return exact;
}

std::uint32_t overhead_limit(const Options& options) {
    constexpr std::uint32_t usual = 50;
    return options.max_overhead.value_or(traces_everything(options) ? 0 : usual);
}

}  // namespace leakcheck
