// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/run_options.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "analysis/glob.hpp"
#include "runner/cli/kind_list.hpp"
#include "runner/cli/option_adder.hpp"
#include "runner/config/environments.hpp"

namespace leakcheck {
namespace {

constexpr Range map_size{1, std::uint64_t{1} << 30};
constexpr Range sample_rates{1, largest_sampling_rate};
constexpr Range seconds{1, 1000000};
constexpr Range first_samples{1, std::uint64_t{1} << 20};

// Adds groups of options to a parser.
struct Group {
    CLI::App& app;
    OptionShapes& shapes;

    OptionAdder operator()(const std::string& heading) const { return {app, heading, shapes}; }
};

SamplingMode sampling_or_refuse(const std::string& name, const std::string& text) {
    auto parsed = parse_sampling_mode(text);
    if (const auto* problem = std::get_if<Problem>(&parsed)) {
        throw CLI::ValidationError(name, problem->message);
    }
    return std::get<SamplingMode>(std::move(parsed));
}

void kinds(OptionAdder& add, const std::string& option, LeakKinds& target,
           const std::string& help) {
    auto apply = [&target](const std::string& name, const std::string& text) {
        auto parsed = parse_kinds(text);
        if (const auto* problem = std::get_if<Problem>(&parsed))
            throw CLI::ValidationError(name, problem->message);
        target = std::get<LeakKinds>(parsed);
    };
    add.value(option, "KINDS", help, apply, {OptionShape::Type::kinds});
}

void add_sampling(OptionAdder& add, Options& options) {
    auto rate = [&options](std::uint64_t number) {
        options.sampling = one_in(number);
        options.sampling_given = true;
    };
    auto mode = [&options](const std::string& name, const std::string& text) {
        options.sampling = sampling_or_refuse(name, text);
        options.sampling_given = true;
    };
    auto* one_in_n = add.checked_number("-s,--sample-rate", "N", sample_rates,
                                        "trace one in N allocations, at random; 1: all", rate);
    add.value(
           "--sampling", "MODE",
           "counted (default), adaptive, adaptive:N, 1:N (as -s N), bytes:T, auto-rate, or rates "
           "by size: <1k=1:5000,1k-64k=1:1000,>64k=1:100",
           mode)
        ->excludes(one_in_n);
    auto samples = [&options](std::uint64_t number) {
        options.first_samples = static_cast<std::uint32_t>(number);
        options.first_samples_given = true;
    };
    add.checked_number(
        "--first-samples", "K", first_samples,
        "allocations of a calling context sampled before adaptive halves its rate (default "
        "32), or traced at all by counted (default 2)",
        samples);
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

void add_configuration(const Group& group, Options& options) {
    OptionAdder add = group("Configuration");
    auto* file = add.path("--config,--budgets", "FILE", options.config,
                          "options and budgets (default: leakcheck.json here or above, up to the "
                          "top of the git work tree)");
    add.flag("--no-config", "use no such file", [&options] { options.no_config = true; })
        ->excludes(file);
    std::vector<std::pair<std::string, std::string>> names;
    for (const std::string& name : environment_names()) names.emplace_back(name, name);
    add.choice("--environment", std::move(names), options.environment,
               "defaults for how long is traced and how much: ci 600 s, 1 in 200; staging 900 s, 1 "
               "in 500; production 300 s, 1 in 1000; development 1800 s, 1 in 100");
}

void add_tracing(const Group& group, Options& options) {
    OptionAdder add = group("What is traced");
    add_sampling(add, options);
    add.size("-z,--min-size", options.min_size, "only allocations of at least SIZE");
    add.size("-Z,--max-size", options.max_size, "only allocations of at most SIZE");
    add.number("--seed", "S", any_number, options.seed,
               "seed of the sampling decisions (default 1)");
    add.number("--stack-depth", "D", Range{0, LEAKCHECK_MAX_FRAMES}, options.stack_depth,
               "return addresses kept of a stack (default 127; 0: no stacks)");
    add.choice<StackWalkChoice>("--stack-walk",
                                {{"auto", StackWalkChoice::automatic},
                                 {"tables", StackWalkChoice::tables},
                                 {"frame-pointers", StackWalkChoice::frame_pointers}},
                                options.stack_walk,
                                "how stacks are followed: by call frame information, or, before "
                                "Linux 5.17, by frame pointers (default auto)");
    add.choice<CheckChoice>("--check",
                            {{"none", CheckChoice::none},
                             {"exit", CheckChoice::exit},
                             {"test-end", CheckChoice::test_end}},
                            options.check,
                            "when a process ends, or each of its tests as well, follow its "
                            "pointers to tell what is leaked from what is still reachable (default "
                            "exit)");
    add.value("--engine", "auto|sampler", "how allocations are traced (default auto)",
              apply_engine);
}

void add_confirmation(const Group& group, Options& options) {
    OptionAdder add = group("A second look at tests that leak");
    auto* off = add.flag("--no-confirm", "judge by the first run alone",
                         [&options] { options.confirm = ConfirmChoice::off; });
    add.flag(
           "--confirm",
           "run tests over the budget again, tracing everything (default where that was not done)",
           [&options] { options.confirm = ConfirmChoice::on; })
        ->excludes(off);
    add.choice<NotReproducedPolicy>("--not-reproduced",
                                    {{"fail", NotReproducedPolicy::fail},
                                     {"warn", NotReproducedPolicy::warn},
                                     {"ignore", NotReproducedPolicy::ignore}},
                                    options.not_reproduced,
                                    "leaks that the second run does not show: they count, or not "
                                    "(default fail: they count)");
    add.number("--repeat", "N", Range{1, 1000}, options.repetitions,
               "run those tests N times in one process: what grows, what leaks once?");
    add.flag("--gate-one-time", "with --repeat: leaks of the first time alone count, too",
             [&options] { options.gate_one_time = true; });
    add.checked_number(
        "--confirm-timeout", "SEC", seconds,
        "end the second run after SEC seconds (default 60, or 10 times the first run)",
        [&options](std::uint64_t number) { options.confirm_timeout_s = number; });
}

void add_budget(const Group& group, Options& options) {
    OptionAdder add = group("What is a failure");
    auto given_size = [&budget = options.budget](std::uint64_t size) {
        budget.bytes = size;
        budget.bytes_given = true;
    };
    auto given_blocks = [&budget = options.budget](std::uint64_t number) {
        budget.blocks = number;
        budget.blocks_given = true;
    };
    add.checked_size("--max-leaked-bytes", "leaked bytes allowed in the whole run (default 0)",
                     given_size);
    add.checked_number("--max-leaked-blocks", "N", any_number,
                       "leaked blocks allowed in the whole run (default 0)", given_blocks);
    add.number("-o,--older", "MS", any_number, options.min_age_ms,
               "leave out blocks younger than MS milliseconds");
    kinds(add, "--fail-on", options.fail_on,
          "kinds of blocks that count (default definite,indirect,unclassified,outstanding)");
    add.flag("--gate-outside-tests", "blocks allocated outside tests count, too",
             [&options] { options.gate_outside_tests = true; });
    auto* status = add.number("--error-exitcode", "N", Range{1, 255}, options.error_exitcode,
                              "exit status when a budget is exceeded (default 23)");
    add.flag("--exit-zero", "report leaks, but never fail for them",
             [&options] { options.exit_zero = true; })
        ->excludes(status);
}

void add_known_leaks(const Group& group, Options& options) {
    OptionAdder add = group("Known leaks");
    add.path("--baseline", "FILE", options.baseline,
             "leaks known from earlier runs: only what is new or has grown counts");
    add.flag("--ratchet", "fail, too, where a leak of the baseline is gone and still in it",
             [&options] { options.ratchet = true; });
    add.paths("--suppressions", "FILE", options.suppression_files,
              "leaks that do not count, as LeakSanitizer, valgrind or leakcheck have them "
              "(repeatable)");
    auto* none = add.flag("--no-default-suppressions",
                          "do not use those that come with leakcheck, for what libraries keep",
                          [&options] { options.default_suppressions = false; });
    add.flag("--default-suppressions", "use them (default)",
             [&options] { options.default_suppressions = true; })
        ->excludes(none);
}

PathMapping mapping_or_refuse(const std::string& name, const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
        refuse(name, text, "OLD=NEW, the start of recorded paths and what stands for it here");
    }
    return {text.substr(0, equals), text.substr(equals + 1)};
}

std::string glob_or_refuse(const std::string& name, const std::string& text) {
    if (text.empty() || text.front() == '/') {
        refuse(name, text,
               "a glob relative to the source root, such as generated/** or **/*.pb.cc");
    }
    if (const std::string fault = glob_fault(text); !fault.empty())
        throw CLI::ValidationError(name, fmt::format("the glob \"{}\" {}", text, fault));
    return text;
}

void add_sources(OptionAdder& add, Options& options) {
    add.path("--source-root", "DIR", options.source_root,
             "file names inside are relative to it (default: git top level)");
    add.values("--path-prefix-map", "OLD=NEW",
               "sources recorded below OLD are below NEW (repeatable)",
               [&options](const std::string& name, const std::string& text) {
                   options.path_mappings.push_back(mapping_or_refuse(name, text));
               });
    add.values("--not-my-code", "GLOB",
               "files in which no leak is sited if others will do (repeatable)",
               [&options](const std::string& name, const std::string& text) {
                   options.not_my_code.push_back(glob_or_refuse(name, text));
               });
}

void add_reports(const Group& group, Options& options) {
    OptionAdder add = group("Reports");
    ReportPaths& reports = options.reports;
    add.path("--json", "FILE", reports.json, "write the result as JSON");
    add.path("--junit", "FILE", reports.junit, "write JUnit XML, merged with GoogleTest's own");
    add.path("--sarif", "FILE", reports.sarif, "write SARIF for code scanning");
    add.path("--valgrind", "FILE", reports.valgrind,
             "write the leaks as valgrind prints them, for ctest -T memcheck");
    add.path("--report-dir", "DIR", reports.directory,
             "write leakcheck.json, .xml and .sarif into DIR");
    add.path("--confirm-log", "FILE", reports.confirm_log,
             "keep what the second run of tests prints");
    add.path("--record", "FILE", reports.record, "keep what was traced, to be analysed again");
    auto* on = add.flag("--github", "print GitHub annotations (default under GitHub Actions)",
                        [&options] { options.github = GithubChoice::on; });
    add.flag("--no-github", "print none", [&options] { options.github = GithubChoice::off; })
        ->excludes(on);
    add.flag("--cdash", "print measurements that CTest hands on to CDash",
             [&options] { options.cdash = true; });
    add_sources(add, options);
}

void add_console(const Group& group, Options& options) {
    OptionAdder add = group("Console");
    add.number("-T,--top", "N", Range{0, 1000000}, options.top,
               "print at most N leaks (default 10)");
    add.flag("--profile-tests", "list the tests that take longest and allocate most",
             [&options] { options.profile_tests = true; });
    kinds(add, "--show", options.show,
          "kinds that are listed where they do not count (default: all but reachable and "
          "referenced)");
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

void add_limits(const Group& group, Options& options) {
    OptionAdder add = group("Privileges and limits");
    add.flag("--as-root", "under sudo, run the command as root, too",
             [&options] { options.as_root = AsRoot::yes; });
    add.checked_number(
        "--max-overhead", "PCT", Range{0, 100},
        "percent of CPU time that tracing may take before less is traced (default 50; 0 and "
        "-s 1: no limit)",
        [&options](std::uint64_t number) {
            options.max_overhead = static_cast<std::uint32_t>(number);
        });
    add.checked_number(
        "--duration", "SEC", seconds,
        "stop tracing after SEC seconds; the command runs on (default: trace to its end)",
        [&options](std::uint64_t number) { options.duration_s = number; });
    add.number("--max-live", "N", map_size, options.maps.live,
               "live blocks at once (default 2097152)");
    add.number("--max-stacks", "N", map_size, options.maps.stacks,
               "different stacks (default 65536)");
    add.number("--max-processes", "N", map_size, options.maps.processes,
               "processes (default 16384)");
    add.number("--max-tests", "N", map_size, options.maps.tests,
               "tests and suites (default 65536)");
}

}  // namespace

void add_run_options(CLI::App& app, Options& options, OptionShapes& shapes) {
    const Group group{app, shapes};
    add_configuration(group, options);
    add_tracing(group, options);
    add_budget(group, options);
    add_known_leaks(group, options);
    add_confirmation(group, options);
    add_reports(group, options);
    add_console(group, options);
    add_limits(group, options);
}

}  // namespace leakcheck
