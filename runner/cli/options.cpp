// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/options.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <string_view>

#include "runner/cli/arguments.hpp"
#include "runner/cli/values.hpp"
#include "runner/cli/version.hpp"

namespace leakcheck {
namespace {

constexpr std::string_view usage_text =
    "Usage: leakcheck [OPTIONS] -- COMMAND [ARG...]\n"
    "       leakcheck doctor [--json]\n"
    "\n"
    "Finds the tests that leak, and the lines they leak from. doctor says whether it can work\n"
    "here, and what to mend.\n";

constexpr std::string_view footer_text =
    "SIZE is a number of bytes, or one with k, M, G, T (1000) or Ki, Mi, Gi, Ti (1024):\n"
    "4096, 4k = 4 kB = 4000, 4Ki = 4 KiB = 4096.\n"
    "\n"
    "Exit status: the command's own when it is not 0 (128+N for signal N); else 23 when a\n"
    "budget is exceeded, 0 when not. 125: leakcheck could not do its job. 126: the command\n"
    "cannot be executed. 127: it was not found.";

// Subcommands of later versions: a program of that name still runs, behind "--".
constexpr std::array reserved_words{"merge", "baseline", "import", "explain", "replay"};

struct Range {
    std::uint64_t lowest;
    std::uint64_t highest;
};

constexpr Range any_number{0, std::numeric_limits<std::uint64_t>::max()};
constexpr Range map_size{1, std::uint64_t{1} << 30};
constexpr Range sample_rates{1, std::uint64_t{1} << 32};

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

[[noreturn]] void refuse(const std::string& name, const std::string& value,
                         const std::string& accepted) {
    throw CLI::ValidationError(name,
                               fmt::format("\"{}\" is not accepted; give {}", value, accepted));
}

std::string long_name(const std::string& names) {
    return names.substr(names.find("--"));
}

std::string range_text(Range range) {
    if (range.highest == any_number.highest)
        return fmt::format("a whole number, {} or more", range.lowest);
    return fmt::format("a whole number from {} to {}", range.lowest, range.highest);
}

// The groups of options. Each function adds one group; `target`s live in the Options of the parser.
class OptionAdder {
  public:
    OptionAdder(CLI::App& app, std::string group) : app_(app), group_(std::move(group)) {}

    using Apply = std::function<void(const std::string& name, const std::string& value)>;

    CLI::Option* value(const std::string& names, const std::string& placeholder,
                       const std::string& help, Apply apply) {
        const std::string name = long_name(names);
        auto call = [name, apply = std::move(apply)](const std::string& text) {
            apply(name, text);
        };
        return app_.add_option_function<std::string>(names, call, help)
            ->type_name(placeholder)
            ->group(group_)
            ->take_last();
    }

    CLI::Option* flag(const std::string& names, const std::string& help,
                      std::function<void()> apply) {
        return app_.add_flag_callback(names, std::move(apply), help)->group(group_);
    }

    template <typename Number>
    CLI::Option* number(const std::string& names, const std::string& placeholder, Range range,
                        Number& target, const std::string& help) {
        auto apply = [range, &target](const std::string& name, const std::string& text) {
            const auto parsed = parse_number(text);
            if (!parsed || *parsed < range.lowest || *parsed > range.highest) {
                refuse(name, text, range_text(range));
            }
            target = static_cast<Number>(*parsed);
        };
        return value(names, placeholder, help, apply);
    }

    CLI::Option* size(const std::string& names, std::uint64_t& target, const std::string& help) {
        auto apply = [&target](const std::string& name, const std::string& text) {
            const auto parsed = parse_size(text);
            if (!parsed) refuse(name, text, "a size such as 4096, 4k (4000) or 4KiB (4096)");
            target = *parsed;
        };
        return value(names, "SIZE", help, apply);
    }

    // Two paths for one report are an error: one of them would silently stay unwritten.
    CLI::Option* path(const std::string& names, const std::string& placeholder,
                      std::optional<std::filesystem::path>& target, const std::string& help) {
        auto apply = [&app = app_, &target](const std::string& name, const std::string& text) {
            if (app.get_option(name)->count() > 1) {
                throw CLI::ValidationError(name, "given more than once; give one path");
            }
            if (text == "-") refuse(name, text, "a path (/dev/stdout for standard output)");
            target = text;
        };
        return value(names, placeholder, help, apply);
    }

    template <typename Choice>
    CLI::Option* choice(const std::string& names,
                        std::vector<std::pair<std::string, Choice>> choices, Choice& target,
                        const std::string& help) {
        std::string known;
        for (const auto& [text, chosen] : choices) known += (known.empty() ? "" : "|") + text;
        auto apply = [choices, known, &target](const std::string& name, const std::string& text) {
            for (const auto& [word, chosen] : choices) {
                if (word == text) return void(target = chosen);
            }
            refuse(name, text, "one of " + known);
        };
        return value(names, known, help, apply);
    }

  private:
    CLI::App& app_;
    std::string group_;
};

void apply_sampling(const std::string& name, const std::string& text, std::uint64_t& rate) {
    const auto parsed = parse_one_in(text);
    if (!parsed || *parsed < sample_rates.lowest || *parsed > sample_rates.highest) {
        refuse(name, text, "1:N with N from 1 to 4294967296, the only mode of this version");
    }
    rate = *parsed;
}

void apply_engine(const std::string& name, const std::string& text) {
    if (text == "auto" || text == "sampler") return;
    if (text == "uprobe" || text == "ring") {
        throw CLI::ValidationError(
            name, fmt::format("engine \"{}\" is not available in this version; use auto or sampler",
                              text));
    }
    refuse(name, text, "auto or sampler");
}

void add_tracing(CLI::App& app, Options& options) {
    OptionAdder add(app, "What is traced");
    auto* rate = add.number("-s,--sample-rate", "N", sample_rates, options.sample_rate,
                            "trace one in N allocations, at random (default 1: all)");
    auto sampling = [&options](const std::string& name, const std::string& text) {
        apply_sampling(name, text, options.sample_rate);
    };
    add.value("--sampling", "1:N", "the same as --sample-rate N", sampling)->excludes(rate);
    add.size("-z,--min-size", options.min_size, "only allocations of at least SIZE");
    add.size("-Z,--max-size", options.max_size, "only allocations of at most SIZE");
    add.number("--seed", "S", any_number, options.seed,
               "seed of the sampling decisions (default 1)");
    add.number("--stack-depth", "D", Range{1, LEAKCHECK_MAX_FRAMES}, options.stack_depth,
               "return addresses kept of a stack (default 127)");
    add.value("--engine", "auto|sampler", "how allocations are traced (default auto)",
              apply_engine);
}

void add_budget(CLI::App& app, Options& options) {
    OptionAdder add(app, "What is a failure");
    auto given_size = [&budget = options.budget](const std::string& name, const std::string& text) {
        const auto parsed = parse_size(text);
        if (!parsed) refuse(name, text, "a size such as 4096, 4k (4000) or 4KiB (4096)");
        budget.bytes = *parsed;
        budget.bytes_given = true;
    };
    auto given_blocks = [&budget = options.budget](const std::string& name,
                                                   const std::string& text) {
        const auto parsed = parse_number(text);
        if (!parsed) refuse(name, text, range_text(any_number));
        budget.blocks = *parsed;
        budget.blocks_given = true;
    };
    add.value("--max-leaked-bytes", "SIZE", "leaked bytes allowed in the whole run (default 0)",
              given_size);
    add.value("--max-leaked-blocks", "N", "leaked blocks allowed in the whole run (default 0)",
              given_blocks);
    add.number("-o,--older", "MS", any_number, options.min_age_ms,
               "leave out blocks younger than MS milliseconds");
    add.flag("--gate-outside-tests", "blocks allocated outside tests count, too",
             [&options] { options.gate_outside_tests = true; });
    auto* status = add.number("--error-exitcode", "N", Range{1, 255}, options.error_exitcode,
                              "exit status when a budget is exceeded (default 23)");
    add.flag("--exit-zero", "report leaks, but never fail for them",
             [&options] { options.exit_zero = true; })
        ->excludes(status);
}

void add_reports(CLI::App& app, Options& options) {
    OptionAdder add(app, "Reports");
    ReportPaths& reports = options.reports;
    add.path("--json", "FILE", reports.json, "write the result as JSON");
    add.path("--junit", "FILE", reports.junit, "write JUnit XML, merged with GoogleTest's own");
    add.path("--sarif", "FILE", reports.sarif, "write SARIF for code scanning");
    add.path("--report-dir", "DIR", reports.directory,
             "write leakcheck.json, .xml and .sarif into DIR");
    add.path("--record", "FILE", reports.record, "keep what was traced, to be analysed again");
    auto* on = add.flag("--github", "print GitHub annotations (default under GitHub Actions)",
                        [&options] { options.github = GithubChoice::on; });
    add.flag("--no-github", "print none", [&options] { options.github = GithubChoice::off; })
        ->excludes(on);
    add.path("--source-root", "DIR", options.source_root,
             "file names inside are relative to it (default: git top level)");
}

void add_console(CLI::App& app, Options& options) {
    OptionAdder add(app, "Console");
    add.number("-T,--top", "N", Range{0, 1000000}, options.top,
               "print at most N leaks (default 10)");
    auto* quiet = add.flag("--quiet", "print the summary line only",
                           [&options] { options.verbosity = Verbosity::quiet; });
    add.flag("--verbose", "print every frame, loss and test",
             [&options] { options.verbosity = Verbosity::verbose; })
        ->excludes(quiet);
    add.choice<ColourChoice>("--color",
                             {{"auto", ColourChoice::automatic},
                              {"always", ColourChoice::always},
                              {"never", ColourChoice::never}},
                             options.colour,
                             "colours (default auto: on a terminal, NO_COLOR honoured)");
}

void add_limits(CLI::App& app, Options& options) {
    OptionAdder add(app, "Privileges and limits");
    add.flag("--as-root", "under sudo, run the command as root, too",
             [&options] { options.as_root = AsRoot::yes; });
    add.number("--max-live", "N", map_size, options.maps.live,
               "live blocks at once (default 2097152)");
    add.number("--max-stacks", "N", map_size, options.maps.stacks,
               "different stacks (default 65536)");
    add.number("--max-processes", "N", map_size, options.maps.processes,
               "processes (default 16384)");
    add.number("--max-tests", "N", map_size, options.maps.tests,
               "tests and suites (default 65536)");
}

// A parser and what it fills. Not to be moved: the parser refers to the options beside it.
struct Parser {
    CLI::App app{"", "leakcheck"};
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

void add_run_options(Parser& parser) {
    add_tracing(parser.app, parser.options);
    add_budget(parser.app, parser.options);
    add_reports(parser.app, parser.options);
    add_console(parser.app, parser.options);
    add_limits(parser.app, parser.options);
    OptionAdder(parser.app, "Other")
        .flag("--version", "print the version; with --verbose, how it was built",
              [&parser] { parser.version = true; });
    add_help(parser.app);
    parser.app.footer(std::string(footer_text));
}

void add_doctor_options(Parser& parser) {
    OptionAdder(parser.app, "Doctor").flag("--json", "print the checks as JSON", [&parser] {
        parser.doctor.json = true;
    });
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
    if (word == "doctor") {
        return usage_error(
            "doctor takes no options of a run: leakcheck doctor [--json] "
            "(to run a program of that name, put -- before it)");
    }
    if (std::find(reserved_words.begin(), reserved_words.end(), word) != reserved_words.end()) {
        return usage_error(
            fmt::format("{} is not available in this version (to run a program of that name, "
                        "put -- before it)",
                        word));
    }
    return std::nullopt;
}

ParseResult finish(Parser& parser, const SplitArguments& split) {
    Options& options = parser.options;
    if (parser.version) {
        const bool facts = options.verbosity == Verbosity::verbose;
        return ExitNow{0, version_line() + (facts ? build_facts() : "")};
    }
    if (auto error = check_command(split)) return *error;
    if (options.min_size > options.max_size) {
        return usage_error(
            fmt::format("--min-size {} is above --max-size {}: no allocation would be traced",
                        options.min_size, options.max_size));
    }
    options.command = split.command;
    name_reports(options.reports);
    return options;
}

ParseResult parse_run(std::span<const std::string> arguments) {
    Parser parser;
    add_run_options(parser);
    const auto split = split_arguments(parser.app, arguments);
    if (const auto* problem = std::get_if<Problem>(&split)) return usage_error(problem->message);
    const auto& parts = std::get<SplitArguments>(split);
    if (auto early = parse_values(parser, parts.options)) return *early;
    return finish(parser, parts);
}

ParseResult parse_doctor(std::span<const std::string> arguments) {
    Parser parser;
    add_doctor_options(parser);
    const auto split = split_arguments(parser.app, arguments);
    if (const auto* problem = std::get_if<Problem>(&split)) return usage_error(problem->message);
    const auto& parts = std::get<SplitArguments>(split);
    if (auto early = parse_values(parser, parts.options)) return *early;
    if (!parts.command.empty()) {
        return usage_error(
            fmt::format("doctor takes no arguments, but was given \"{}\"", parts.command.front()));
    }
    return parser.doctor;
}

}  // namespace

ParseResult parse_options(int argc, const char* const* argv) {
    std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
    const std::span<const std::string> all(arguments);
    if (!all.empty() && all.front() == "doctor") return parse_doctor(all.subspan(1));
    return parse_run(all);
}

std::string sampling_mode(const Options& options) {
    return fmt::format("1:{}", options.sample_rate);
}

}  // namespace leakcheck
