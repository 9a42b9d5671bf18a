// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/run_options.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "runner/cli/kind_list.hpp"
#include "runner/cli/option_adder.hpp"

namespace leakcheck {
namespace {

constexpr Range map_size{1, std::uint64_t{1} << 30};
constexpr Range sample_rates{1, largest_sampling_rate};
constexpr Range first_samples{1, std::uint64_t{1} << 20};

SamplingMode sampling_or_refuse(const std::string& name, const std::string& text) {
    auto parsed = parse_sampling_mode(text);
    if (const auto* problem = std::get_if<Problem>(&parsed)) {
        throw CLI::ValidationError(name, problem->message);
    }
    return std::get<SamplingMode>(std::move(parsed));
}

void kinds(OptionAdder& add, const std::string& option, LeakKinds& target,
           const std::string& help) {
    add.value(option, "KINDS", help, [&target](const std::string& name, const std::string& text) {
        auto parsed = parse_kinds(text);
        if (const auto* problem = std::get_if<Problem>(&parsed))
            throw CLI::ValidationError(name, problem->message);
        target = std::get<LeakKinds>(parsed);
    });
}

void add_sampling(OptionAdder& add, Options& options) {
    auto rate = [&options](const std::string& name, const std::string& text) {
        options.sampling = one_in(number_or_refuse(name, text, sample_rates));
        options.sampling_given = true;
    };
    auto mode = [&options](const std::string& name, const std::string& text) {
        options.sampling = sampling_or_refuse(name, text);
        options.sampling_given = true;
    };
    auto* one_in_n =
        add.value("-s,--sample-rate", "N", "trace one in N allocations, at random; 1: all", rate);
    add.value(
           "--sampling", "MODE",
           "counted (default), adaptive, adaptive:N, 1:N (as -s N), bytes:T, auto-rate, or rates "
           "by size: <1k=1:5000,1k-64k=1:1000,>64k=1:100",
           mode)
        ->excludes(one_in_n);
    auto samples = [&options](const std::string& name, const std::string& text) {
        options.first_samples =
            static_cast<std::uint32_t>(number_or_refuse(name, text, first_samples));
        options.first_samples_given = true;
    };
    add.value("--first-samples", "K",
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

void add_tracing(CLI::App& app, Options& options) {
    OptionAdder add(app, "What is traced");
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

void add_confirmation(CLI::App& app, Options& options) {
    OptionAdder add(app, "A second look at tests that leak");
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
    add.value("--confirm-timeout", "SEC",
              "end the second run after SEC seconds (default 60, or 10 times the first run)",
              [&options](const std::string& name, const std::string& text) {
                  options.confirm_timeout_s = number_or_refuse(name, text, Range{1, 1000000});
              });
}

void add_budget(CLI::App& app, Options& options) {
    OptionAdder add(app, "What is a failure");
    auto given_size = [&budget = options.budget](const std::string& name, const std::string& text) {
        budget.bytes = size_or_refuse(name, text);
        budget.bytes_given = true;
    };
    auto given_blocks = [&budget = options.budget](const std::string& name,
                                                   const std::string& text) {
        budget.blocks = number_or_refuse(name, text, any_number);
        budget.blocks_given = true;
    };
    add.value("--max-leaked-bytes", "SIZE", "leaked bytes allowed in the whole run (default 0)",
              given_size);
    add.value("--max-leaked-blocks", "N", "leaked blocks allowed in the whole run (default 0)",
              given_blocks);
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

void add_reports(CLI::App& app, Options& options) {
    OptionAdder add(app, "Reports");
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

void add_console(CLI::App& app, Options& options) {
    OptionAdder add(app, "Console");
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

void add_limits(CLI::App& app, Options& options) {
    OptionAdder add(app, "Privileges and limits");
    add.flag("--as-root", "under sudo, run the command as root, too",
             [&options] { options.as_root = AsRoot::yes; });
    add.value("--max-overhead", "PCT",
              "percent of CPU time that tracing may take before less is traced (default 50; 0 and "
              "-s 1: no limit)",
              [&options](const std::string& name, const std::string& text) {
                  options.max_overhead =
                      static_cast<std::uint32_t>(number_or_refuse(name, text, Range{0, 100}));
              });
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

void add_run_options(CLI::App& app, Options& options) {
    add_tracing(app, options);
    add_budget(app, options);
    add_confirmation(app, options);
    add_reports(app, options);
    add_console(app, options);
    add_limits(app, options);
}

}  // namespace leakcheck
