// SPDX-License-Identifier: Apache-2.0
//
// What the user asked for. The parser is pure: it looks at the arguments and at the configuration that
// it is given, never at the environment or the file system (see terminal.hpp, source_root.hpp and
// report_files.hpp for those).
//
// Units: bytes, milliseconds. Ownership: plain values. Thread safety: free functions without state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "abi/leakcheck_abi.h"
#include "analysis/leak_kinds.hpp"
#include "analysis/report.hpp"
#include "runner/cli/sampling_mode.hpp"
#include "runner/config/config_source.hpp"
#include "runner/elf/path_prefix_map.hpp"

namespace leakcheck {

// Exit status of leakcheck's own failures, as timeout(1) and env(1) have it.
inline constexpr int own_error_status = 125;

enum class Engine { sampler };
enum class Verbosity { quiet, normal, verbose };
enum class ColourChoice { automatic, always, never };
enum class GithubChoice { automatic, on, off };
enum class AsRoot { no, yes };
// Automatic: where the program is GoogleTest and the first run did not trace every allocation.
enum class ConfirmChoice { automatic, on, off };

// Where each report goes; none where it was not asked for. Paths as given, not yet checked.
struct ReportPaths {
    std::optional<std::filesystem::path> directory;  // --report-dir, made when it is not there
    std::optional<std::filesystem::path> json;
    std::optional<std::filesystem::path> junit;
    std::optional<std::filesystem::path> sarif;
    std::optional<std::filesystem::path> valgrind;
    std::optional<std::filesystem::path> leak_sanitizer;  // by LSAN_OPTIONS, see sanitizer_log.hpp
    std::optional<std::filesystem::path> record;
    std::optional<std::filesystem::path> confirm_log;
};

// Entries of the maps that a run has. A full map loses, and the loss is counted and reported.
struct MapSizes {
    std::uint32_t live = 2097152;     // live blocks at once
    std::uint32_t stacks = 65536;     // different stacks
    std::uint32_t processes = 16384;  // process images
    std::uint32_t tests = 65536;      // owners: tests, suites, environments
};

// When pointers are looked at, to tell what is leaked from what is still reachable.
enum class CheckChoice { none, exit, test_end };

enum class StackWalkChoice { automatic, tables, frame_pointers };

struct Options {
    std::vector<std::string> command;  // never empty

    std::optional<std::filesystem::path> config;  // as given
    bool no_config = false;
    std::filesystem::path config_path;  // of the file that was used, absolute; empty: none
    std::string config_name;            // of the same, for people
    std::string environment;            // one of runner/config/environments.hpp, or empty

    Engine engine = Engine::sampler;
    SamplingMode sampling;
    bool sampling_given = false;  // by the user
    std::uint32_t first_samples =
        default_first_samples(SamplingKind::counted);  // 0 where the mode has no contexts
    bool first_samples_given = false;                  // by the user
    std::uint64_t min_size = 0;                        // bytes, inclusive
    std::uint64_t max_size = UINT64_MAX;
    std::uint64_t seed = 1;
    std::uint32_t stack_depth = LEAKCHECK_MAX_FRAMES;  // 0: no stacks
    StackWalkChoice stack_walk = StackWalkChoice::automatic;
    MapSizes maps;

    std::uint64_t min_age_ms = 0;  // -o
    Budget budget;
    std::vector<BudgetRule> budget_rules;
    std::vector<std::filesystem::path> suppression_files;  // in the order given
    bool default_suppressions = true;                      // those that come with leakcheck
    std::optional<std::filesystem::path> baseline;
    bool ratchet = false;
    bool gate_outside_tests = false;
    CheckChoice check = CheckChoice::exit;
    LeakKinds fail_on = failing_by_default;
    int error_exitcode = 23;  // 1 to 255
    bool exit_zero = false;

    ConfirmChoice confirm = ConfirmChoice::automatic;
    NotReproducedPolicy not_reproduced = NotReproducedPolicy::fail;
    std::optional<std::uint64_t> confirm_timeout_s;  // none: by the time that the first run took
    std::uint32_t repetitions = 1;  // of the suspects; more than 1 asks for that run
    bool gate_one_time = false;
    std::optional<std::uint64_t> duration_s;    // tracing stops after that
    std::optional<std::uint32_t> max_overhead;  // percent of CPU time; see overhead_limit()

    std::size_t top = 10;
    bool profile_tests = false;
    bool cdash = false;                 // print measurements
    LeakKinds show = shown_by_default;  // what does not count is listed if it is of these kinds
    Verbosity verbosity = Verbosity::normal;
    ColourChoice colour = ColourChoice::automatic;
    ReportPaths reports;
    GithubChoice github = GithubChoice::automatic;
    std::optional<std::filesystem::path> source_root;  // as given
    std::vector<PathMapping> path_mappings;            // in the order given
    std::vector<std::string> not_my_code;              // globs, see analysis/file_globs.hpp

    AsRoot as_root = AsRoot::no;
};

// `leakcheck doctor`
struct DoctorOptions {
    bool json = false;
};

// `leakcheck explain`
struct ExplainOptions {
    std::filesystem::path result;
    std::string leak;  // empty: list them
};

// `leakcheck baseline`
struct BaselineOptions {
    enum class Action { create, update, show, prune };

    Action action = Action::show;
    std::filesystem::path file;
    std::vector<std::filesystem::path> results;
    bool allow_growth = false;  // update takes in what is not known yet, or has grown
};

// `leakcheck --version`
struct VersionOptions {
    Verbosity verbosity = Verbosity::normal;
};

// --help: print `text` on standard output and end.
struct ExitNow {
    int status = 0;
    std::string text;  // ends with a line feed
};

struct UsageError {
    int status = own_error_status;
    std::string message;  // one line, without line feed
};

using ParseResult = std::variant<Options, DoctorOptions, ExplainOptions, BaselineOptions,
                                 VersionOptions, ExitNow, UsageError>;

// As main() has them; argv[0] is skipped. `config` is asked for the configuration file where there is a command to
// run.
ParseResult parse_options(int argc, const char* const* argv, const ConfigSource& config);

// No block is left out: pointers can be followed through all of them.
bool knows_all_blocks(const Options& options);

// Every allocation is traced: numbers are exact, and each block has a stack of its own.
bool traces_everything(const Options& options);

// The same options for a run that traces everything, whatever it costs.
Options exact_options(const Options& options);

// The share of CPU time, in percent, that tracing may take; 0: no limit. What was not given is 50, but none
// where everything is to be traced: whoever asks for that wants it whatever it costs.
std::uint32_t overhead_limit(const Options& options);

}  // namespace leakcheck
