// SPDX-License-Identifier: Apache-2.0
//
// The report: what every output format renders. Built by the analysis, never changed afterwards.
//
// Units: bytes, blocks (allocations), seconds. Ownership: plain values. Text is as the program gave it
// and may hold any byte; each reporter makes it valid for its own format.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/leak_kinds.hpp"
#include "analysis/shared_text.hpp"
#include "analysis/snapshot.hpp"

namespace leakcheck {

// A total of bytes or blocks. `observed` is certain; the rest is estimated from the sample
// (Horvitz-Thompson, one-sided 95 % bounds) and equals it where everything was traced.
struct Quantity {
    std::uint64_t observed = 0;
    double estimate = 0.0;
    double lower = 0.0;
    double upper = 0.0;
};

struct SourceLocation {
    std::string function;  // demangled; empty if unknown
    std::string
        file;  // relative to the source root where inside it, else absolute; empty if unknown
    std::uint32_t line = 0;  // 1-based; 0 if unknown

    bool operator==(const SourceLocation&) const = default;
};

struct Frame {
    SharedText function;  // demangled, whole; empty if unknown
    SharedText file;      // as SourceLocation::file
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    SharedText module;    // path of the ELF object; empty if unknown
    SharedText build_id;  // lower-case hex; empty if none
    std::uint64_t address =
        0;  // offset in the module's own address space (as in objdump); raw if no module
    bool inlined = false;
    bool in_project = false;  // inside the source root

    bool operator==(const Frame&) const = default;
};

// Why a leak does not count against the budget. `none`: it does.
enum class NotGated {
    none,
    outside_tests,   // allocated outside every test, and --gate-outside-tests is off
    no_tests,        // the program runs no tests, and no budget was given
    abnormal_end,    // its process died by a signal, or is a child that ended with a failure status
    replaced,        // its process image was replaced by exec
    still_running,   // its process had not ended
    death_test,      // a child of GoogleTest's threadsafe death test
    known,           // recorded as known by the in-test API
    not_reproduced,  // an exact run of its test did not show it, and such leaks are not to count
    one_time,    // only the first of several repetitions showed it, and such leaks are not to count
    kind,        // it is of a kind that is listed but does not count (--fail-on)
    suppressed,  // by a suppression (suppression.hpp)
    in_baseline,  // known from an earlier run, and no larger (baseline.hpp)
};

// What became of a leak when its test was run once more with every allocation traced.
enum class Confirmation {
    none,            // no such run was made
    confirmed,       // it showed: amounts and stack are those of the exact run
    not_reproduced,  // it did not show: the amounts are what the first run observed
    unconfirmed,     // what owns it was not run again
};

// What a leak does when its test is repeated in one process.
enum class Growth {
    unknown,   // nothing was repeated
    one_time,  // the first repetition leaked, and no later one: lazy initialisation
    growing,
};

// What a leak is to the baseline.
enum class BaselineState {
    none,   // there is no baseline, or it would not count anyway
    fresh,  // not in it
    known,  // in it, and no larger
    grown,  // in it, and larger
};

struct Repetition {
    Growth growth = Growth::unknown;
    double bytes_per_repeat = 0.0;  // mean over the repetitions after the first
    double blocks_per_repeat = 0.0;

    bool operator==(const Repetition&) const = default;
};

// What keeps one of a leak's blocks: HoldingPath, with the lines that allocated the blocks on it.
struct Holder {
    HoldingBlock block;
    Frame site;  // as the site of a leak; empty if unknown
};

struct HeldBy {
    HoldingRoot root;  // of kind `none` where nothing is known
    std::vector<Holder> blocks;
    std::uint64_t left_out = 0;  // as in HoldingPath
    std::uint64_t cut_at = 0;
};

struct Leak {
    std::string fingerprint;  // 16 hex digits; free of addresses, line numbers and build paths
    LeakKind kind = LeakKind::outstanding;
    OwnerKind owner_kind = OwnerKind::outside_tests;
    std::string owner;                // label: "Suite.Test", "Suite (set-up)", "outside tests"
    std::optional<std::string> test;  // "Suite.Test" if a test owns it
    std::uint32_t test_runs = 0;      // how often that ran (--gtest_repeat), children included
    Quantity bytes;
    Quantity blocks;
    // Of a definite leak: what only its blocks lead to. Leaks of kind `indirect` list the same blocks.
    std::uint64_t indirect_bytes = 0;
    std::uint64_t indirect_blocks = 0;
    HeldBy held_by;              // what keeps one of its blocks: that which is nearest to a root
    SourceLocation site;         // first frame in the user's code
    std::size_t site_frame = 0;  // its index in `stack`
    std::vector<Frame> stack;    // innermost first
    StackStatus stack_status = StackStatus::missing;
    StackOrigin stack_origin = StackOrigin::own;  // the worst of its blocks
    NotGated not_gated = NotGated::none;
    std::string known_reason;  // for NotGated::known
    std::string process;       // empty for the main process, else "child 1234: command"
    std::uint64_t largest_block = 0;
    // Of kind released_late: in whose turn its blocks were freed, labels in the order of the run.
    std::vector<std::string> released_in;
    std::uint64_t processes = 1;  // how many processes show this leak
    Confirmation confirmation = Confirmation::none;
    Repetition repetition;
    std::string suppression;  // name of the one that takes it; empty: none
    BaselineState baseline_state = BaselineState::none;
    std::string budget;        // name of the budget rule it falls under; empty: none
    bool over_budget = false;  // it counts, and what it counts against is exceeded
};

// It was freed after all, and does not count.
inline bool is_released(const Leak& leak) {
    return leak.not_gated == NotGated::kind && leak.kind == LeakKind::released_late;
}

// Pointers lead to it, or led until it was freed, and it does not count.
inline bool is_held(const Leak& leak) {
    return is_released(leak) ||
           (leak.not_gated == NotGated::kind &&
            (leak.kind == LeakKind::reachable || leak.kind == LeakKind::referenced));
}

// All leaks of one kind, those that do not count included.
struct KindTotal {
    Quantity bytes;
    Quantity blocks;
};

using KindTotals = std::map<LeakKind, KindTotal>;  // only kinds that occurred

enum class TestStatus {
    clean,          // nothing outstanding counts against it
    leaked,         // over its budget
    within_budget,  // leaked, but no more than allowed
    interrupted,    // was running when its process died
};

// What a test did to the heap of the main process; of a test that ran repeatedly, from its first
// beginning to its last end. Bytes, as OwnerUsage has them.
struct HeapUse {
    std::uint64_t live_before = 0;
    std::uint64_t live_after = 0;
    std::uint64_t peak = 0;
    std::uint64_t freed_bytes = 0;
    std::uint64_t freed_blocks = 0;
};

struct TestResult {
    std::string name;  // "Suite.Test"
    std::string suite;
    std::string test;
    TestStatus status = TestStatus::clean;
    Quantity leaked_bytes;  // gating leaks only
    Quantity leaked_blocks;
    KindTotals by_kind;
    Quantity allocated_bytes;
    Quantity allocated_blocks;
    std::uint32_t runs = 0;
    double seconds = 0.0;                       // of all runs together
    std::optional<HeapUse> heap_use;            // where all blocks were counted
    std::optional<std::uint64_t> budget_bytes;  // set in the test by the API
    std::optional<std::uint64_t> budget_blocks;
    std::optional<SourceLocation> definition;  // where the test body is, when known
};

// A suite of tests: what its tests, its set-up and its tear-down leaked and allocated.
struct SuiteResult {
    std::string name;
    std::uint64_t tests = 0;
    Quantity leaked_bytes;  // gating leaks only
    Quantity leaked_blocks;
    Quantity allocated_bytes;
    Quantity allocated_blocks;
};

// All that one line leaked, whoever called it.
struct SiteResult {
    SourceLocation site;      // empty where it is not known
    std::uint64_t leaks = 0;  // entries of Report::leaks; gating ones only
    Quantity leaked_bytes;
    Quantity leaked_blocks;
};

// How the pointers of one process were looked at.
struct CheckedProcess {
    std::string process;  // as Leak::process
    PointerCheck check;
};

struct Budget {
    std::uint64_t bytes = 0;
    std::uint64_t blocks = 0;
    bool bytes_given = false;  // by the user, rather than the default of 0
    bool blocks_given = false;
};

// What is summed up and compared with a budget rule: what each test leaks, each site, or all together.
enum class BudgetPer { run, test, site };

// Several leaks together, as observed.
struct LeakCount {
    std::uint64_t leaks = 0;
    std::uint64_t bytes = 0;
    std::uint64_t blocks = 0;
};

// What reports tell of a suppression.
struct SuppressionFacts {
    std::string name;
    std::string source;  // "FILE:LINE", or "built in"
    std::string reason{};
    std::string until{};  // the last day that it holds, "2027-01-31"; empty: for ever
    std::optional<std::uint64_t> max_bytes{};  // no limit where not given
    std::optional<std::uint64_t> max_blocks{};
    bool built_in = false;
};

// What became of it in this run.
struct SuppressionResult {
    SuppressionFacts facts;
    bool expired = false;
    bool exceeded = false;  // it matches more than its limits allow, and takes nothing
    bool used = false;      // it matches a leak, be it one that would not count anyway
    LeakCount matched;      // of what would count
};

// A leak that is known, as a baseline file has it.
struct BaselineEntry {
    std::string test;                      // label of the owner: "Suite.Test", "outside tests", ...
    std::string fingerprint;               // as Leak::fingerprint
    std::optional<std::uint64_t> bytes{};  // as many are known; no limit where not given
    std::optional<std::uint64_t> blocks{};
    std::string kind{};      // these are for readers
    std::string function{};  // of the site
    std::string file{};      // of the site, relative to the source root; empty if outside
    std::string
        program{};  // name of the command; where given, only its runs tell that the leak is gone
    std::string reason{};  // only of what was written by hand
    std::string until{};   // the last day that it holds; empty: for ever
    bool by_hand = false;

    bool operator==(const BaselineEntry&) const = default;
};

struct BaselineResult {
    std::string file;
    std::uint64_t entries = 0;
    std::uint64_t fresh = 0;  // leaks, by their state
    std::uint64_t grown = 0;
    LeakCount known;
    std::vector<BaselineEntry> fixed;    // in the file, but the run shows that they are gone
    std::vector<BaselineEntry> expired;  // no longer known
    bool ratchet = false;                // what is fixed has to leave the file (--ratchet)
};

// A budget for some of the leaks; see budget_rules.hpp. Globs that are empty match everything.
struct BudgetRule {
    std::string name;
    std::string tests;               // glob over owners' labels: "Suite.Test", "outside tests", ...
    std::string sites;               // glob over the site's file or function
    std::optional<LeakKinds> kinds;  // all where not given
    std::optional<std::uint64_t> max_bytes;  // no limit where not given
    std::optional<std::uint64_t> max_blocks;
    BudgetPer per = BudgetPer::run;
    std::string reason;
    std::string until;  // the last day that it counts, "2027-01-31"; empty: for ever

    bool operator==(const BudgetRule&) const = default;
};

// What became of a rule in this run.
struct BudgetResult {
    BudgetRule rule;
    bool expired = false;
    bool exceeded = false;
    std::uint64_t leaks = 0;   // that fall under it
    std::uint64_t scopes = 0;  // tests or sites with such leaks; 1 for the run
    std::string fullest;  // scope that is nearest to the limit, or most over it; empty: no leaks
    Quantity bytes;       // of that scope
    Quantity blocks;
};

enum class VerdictStatus { pass, fail, inconclusive };

struct Violation {
    std::string scope;    // "run", "test Suite.Test", "site FILE:LINE"
    std::string measure;  // "bytes" or "blocks"
    double actual = 0.0;
    std::uint64_t budget = 0;
    std::string message;  // one sentence for people
    std::string rule{};   // name of the budget rule; empty: the run's budget, or the test's own
};

// Which run decided: the first, or that of the suspects with every allocation traced.
enum class VerdictStage { first, confirm };

// What a leak means that the first run saw and the exact one did not: it counts, as a fact; it does not
// count, but a warning tells of it; it is only listed.
enum class NotReproducedPolicy { fail, warn, ignore };

// The run of the suspects.
struct ConfirmSummary {
    std::uint64_t tests = 0;      // run again, and judged by that
    std::uint64_t left_out = 0;   // tests that should have been; why is in `problems`
    std::uint64_t confirmed = 0;  // leaks, by what became of them
    std::uint64_t not_reproduced = 0;
    std::uint64_t unconfirmed = 0;
    std::uint64_t one_time = 0;     // of the confirmed ones
    std::uint32_t repetitions = 1;  // of each test, in one process
    double wall_seconds = 0.0;
    NotReproducedPolicy policy = NotReproducedPolicy::fail;
    std::vector<std::string> problems;  // one sentence each, for people
};

struct Verdict {
    VerdictStatus status = VerdictStatus::pass;
    std::vector<Violation> violations;
    std::vector<std::string> inconclusive_reasons;
    VerdictStage stage = VerdictStage::first;
    std::optional<ConfirmSummary> confirmed;  // none where nothing was run again
};

// How the launched command ended.
struct ChildResult {
    ProcessEnd end = ProcessEnd::exited;
    int status = 0;  // exit code or signal number
    bool core_dumped = false;
    std::string running_test;  // "Suite.Test" that was running when it died; empty if none

    bool operator==(const ChildResult&) const = default;
};

// How many of something have a stack of each status.
struct StackStatistics {
    std::uint64_t complete = 0;
    std::uint64_t frame_pointer = 0;
    std::uint64_t truncated = 0;
    std::uint64_t missing = 0;

    std::uint64_t total() const { return complete + frame_pointer + truncated + missing; }

    bool operator==(const StackStatistics&) const = default;
};

// How well the stacks of a run could be followed.
struct StackSummary {
    StackStatistics leaks;          // entries of Report::leaks
    StackStatistics leaked_blocks;  // their observed blocks
    StackStatistics allocations;    // traced ones, freed or not
};

// Why less was traced: it cost too much (--max-overhead), or the time for it was over (--duration).
enum class PressureReason { cost, duration };

// The runner had less traced from then on.
struct PressureChange {
    double at_seconds = 0.0;  // since the command began
    std::uint32_t level = 0;  // one in 2^level of what would have been traced
    bool stopped = false;     // nothing more is traced
    PressureReason reason = PressureReason::cost;

    bool operator==(const PressureChange&) const = default;
};

// What the tracing of a run cost. CPU time is measured (of the command and what it waited for). The cost of
// an event is the mean time in the BPF programs, measured in 1 of 16 events, plus the time for getting
// there and back, measured on a site of leakcheck's own when the run began; the rest is reckoned from it.
struct Overhead {
    std::uint64_t events = 0;        // allocations and frees that trapped
    std::uint64_t timed_events = 0;  // those of which the time was taken; 0: nothing is known
    double event_ns = 0.0;           // mean cost of one
    double trap_ns = 0.0;            // of it: getting there and back
    double cpu_seconds = 0.0;
    std::uint32_t limit_percent = 0;  // --max-overhead; 0: none
    std::vector<PressureChange> pressure;

    double tracing_seconds() const { return static_cast<double>(events) * event_ns * 1e-9; }
    // Of the CPU time, the share that tracing took; as it is reckoned, it could come out above all of it.
    double percent() const {
        return cpu_seconds > 0.0 ? std::min(100.0, 100.0 * tracing_seconds() / cpu_seconds) : 0.0;
    }

    bool operator==(const Overhead&) const = default;
};

struct Report {
    std::string tool_version;
    std::string engine;
    std::vector<std::string> command;
    std::string working_directory;  // absolute, symlinks resolved
    std::string
        source_root;         // absolute, symlinks resolved; file names inside it are relative to it
    std::string started_at;  // ISO 8601, UTC
    double wall_seconds = 0.0;
    SamplingInfo sampling;
    std::string config_file;  // the configuration file that was used; empty if none
    std::string environment;  // --environment; empty if none
    Budget budget;
    bool gate_outside_tests = false;
    LeakKinds fail_on = failing_by_default;

    Quantity leaked_bytes;  // all gating leaks
    Quantity leaked_blocks;
    Quantity other_bytes;  // listed, not gating
    Quantity other_blocks;
    KindTotals by_kind;
    Quantity allocated_bytes;
    Quantity allocated_blocks;
    std::uint64_t libc_blocks = 0;  // kept by the C library, left out of everything above
    std::uint64_t libc_bytes = 0;
    std::uint64_t younger_blocks = 0;  // left out by -o
    std::uint64_t younger_bytes = 0;

    std::vector<TestResult> tests;                // in order of first run
    std::vector<SuiteResult> suites;              // likewise
    std::vector<SiteResult> sites;                // by estimated bytes, descending
    std::vector<BudgetResult> budgets;            // in the order of the rules
    std::vector<SuppressionResult> suppressions;  // in the order in which they are tried
    LeakCount suppressed;
    std::optional<BaselineResult> baseline;
    std::vector<Leak>
        leaks;  // gating first, then what is not known to be held, then the rest; each by
                // estimated bytes, descending; ties by fingerprint
    std::vector<CheckedProcess> pointer_checks;
    std::vector<Loss> losses;           // only those with count > 0
    std::vector<std::string> warnings;  // one sentence each, for people
    StackSummary stacks;
    std::uint64_t processes = 0;
    std::uint64_t untraced_processes =
        0;  // exec'd without the sampler (static, setuid, cleared LD_PRELOAD)
    std::uint64_t events = 0;
    Overhead overhead;
    TestDiscovery discovery = TestDiscovery::no_framework;
    std::string discovery_note;

    ChildResult child;
    Verdict verdict;
    int exit_code = 0;
};

}  // namespace leakcheck
