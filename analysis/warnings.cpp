// SPDX-License-Identifier: Apache-2.0
#include "analysis/warnings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "analysis/baseline_states.hpp"
#include "analysis/budget_results.hpp"
#include "analysis/debug_advice.hpp"
#include "analysis/suppressions.hpp"

namespace leakcheck {
namespace {

using Warnings = std::vector<std::string>;

bool is_untraced(const ProcessRecord& process) {
    return process.is_image && !process.sampled;
}

// The first such process and how many more there are; empty if there is none.
std::string name_processes(const Snapshot& snapshot,
                           const std::function<bool(const ProcessRecord&)>& wanted) {
    const auto& all = snapshot.processes;
    const auto first = std::find_if(all.begin(), all.end(), wanted);
    if (first == all.end()) return {};
    const auto others = std::count_if(first + 1, all.end(), wanted);
    const std::string name = fmt::format("process {} ({})", first->pid, first->command);
    return others == 0 ? name : fmt::format("{} and {} more", name, others);
}

void warn_of_untraced(const Snapshot& snapshot, Warnings& warnings) {
    const auto is_untraced_child = [](const ProcessRecord& process) {
        return is_untraced(process) && !process.is_main;
    };
    const std::string names = name_processes(snapshot, is_untraced_child);
    if (names.empty()) return;
    warnings.push_back(fmt::format(
        "not traced: {}; static and setuid programs, and programs started with LD_PRELOAD cleared, "
        "run without the sampler",
        names));
}

void warn_of_running(const Snapshot& snapshot, Warnings& warnings) {
    const auto is_running = [](const ProcessRecord& process) {
        return process.end == ProcessEnd::running;
    };
    const std::string names = name_processes(snapshot, is_running);
    if (names.empty()) return;
    warnings.push_back(fmt::format(
        "still running when the run ended: {}; what it holds is listed but does not count", names));
}

void warn_of_tests_not_told_apart(const Snapshot& snapshot, Warnings& warnings) {
    if (snapshot.discovery != TestDiscovery::not_found) return;
    warnings.push_back(fmt::format(
        "tests are not told apart, so leaks count only where a budget is given: {}",
        snapshot.discovery_note.empty() ? "no place to probe was found" : snapshot.discovery_note));
}

void warn_of_detection_limit(const Snapshot& snapshot, const Report& report, Warnings& warnings) {
    if (is_exact(snapshot.sampling) || report.leaked_blocks.observed > 0) return;
    warnings.push_back(fmt::format(
        "allocations were sampled ({}) and no leak was seen: one of fewer than about {:.0f} blocks "
        "may have been missed; run with -s 1 to be sure",
        snapshot.sampling.mode, report.leaked_blocks.upper));
}

std::string failed_checks(const Report& report) {
    std::string first;
    std::size_t others = 0;
    for (const CheckedProcess& checked : report.pointer_checks) {
        if (checked.check.failure.empty()) continue;
        if (!first.empty()) {
            ++others;
            continue;
        }
        first = checked.process.empty() ? checked.check.failure
                                        : checked.process + ": " + checked.check.failure;
    }
    if (first.empty()) return "";
    return others == 0 ? ": " + first : fmt::format(": {} (and {} more)", first, others);
}

void warn_of_unclassified(const Report& report, Warnings& warnings) {
    const auto found = report.by_kind.find(LeakKind::unclassified);
    if (found == report.by_kind.end()) return;
    const KindTotal& total = found->second;
    warnings.push_back(fmt::format(
        "pointers to {} bytes in {} block{} could not be looked for, so they may be leaked or not; "
        "they {}{}",
        total.bytes.observed, total.blocks.observed, total.blocks.observed == 1 ? "" : "s",
        report.fail_on.contains(LeakKind::unclassified) ? "count as without --check"
                                                        : "do not count (--fail-on)",
        failed_checks(report)));
}

void warn_of_stray_budgets(const Snapshot& snapshot, const Owners& owners, Warnings& warnings) {
    for (const NoteRecord& note : snapshot.notes) {
        const Owner& owner = owners.of(note.owner);
        if (note.kind != NoteKind::budget || owner.kind == OwnerKind::test) continue;
        warnings.push_back(fmt::format(
            "a budget of {} bytes was set in {}, where it has no effect: set it inside a test",
            note.bytes, owner.label));
    }
}

}  // namespace

std::uint64_t count_untraced(const Snapshot& snapshot) {
    return static_cast<std::uint64_t>(
        std::count_if(snapshot.processes.begin(), snapshot.processes.end(), is_untraced));
}

Warnings find_blind_spots(const Processes& processes) {
    const ProcessRecord* main = processes.main();
    if (main == nullptr) {
        return {"the command left no record: nothing is known of its allocations"};
    }
    if (main->sampled) return {};
    return {
        fmt::format("the command ran without the sampler, so its allocations were not traced "
                    "({}): it must be dynamically linked and keep LD_PRELOAD",
                    main->command)};
}

std::optional<std::string> describe_untraced_time(const Overhead& overhead,
                                                  const SamplingInfo& sampling,
                                                  std::uint64_t min_age_ns) {
    if (overhead.pressure.empty() || keeps_tables(sampling.kind, min_age_ns)) return std::nullopt;
    const PressureChange& last = overhead.pressure.back();
    if (last.reason == PressureReason::duration)
        return fmt::format("tracing ended after {:.1f} s (--duration): later leaks are not known",
                           last.at_seconds);
    const std::string why = fmt::format("to keep its cost within {} % of CPU time (--max-overhead)",
                                        overhead.limit_percent);
    if (last.stopped)
        return fmt::format("tracing was stopped after {:.1f} s {}: later leaks are not known",
                           last.at_seconds, why);
    if (sampling.rate > 1) return std::nullopt;
    return fmt::format(
        "not every allocation was traced after {:.1f} s, {}: later leaks may be missing",
        overhead.pressure.front().at_seconds, why);
}

Warnings find_warnings(const Snapshot& snapshot, const Owners& owners, const Report& report) {
    Warnings warnings;
    warn_of_untraced(snapshot, warnings);
    warn_of_running(snapshot, warnings);
    warn_of_tests_not_told_apart(snapshot, warnings);
    warn_of_detection_limit(snapshot, report, warnings);
    warn_of_unclassified(report, warnings);
    warn_of_stray_budgets(snapshot, owners, warnings);
    for (std::string& warning : warn_of_expired(report.budgets))
        warnings.push_back(std::move(warning));
    for (std::string& warning : warn_of_suppressions(report.suppressions))
        warnings.push_back(std::move(warning));
    if (report.baseline)
        for (std::string& warning : warn_of_expired_entries(*report.baseline))
            warnings.push_back(std::move(warning));
    if (auto advice = advise_debug_information(report.leaks)) {
        warnings.push_back(std::move(*advice));
    }
    return warnings;
}

Warnings find_confirm_warnings(const Findings& found, const Report& report) {
    if (!report.verdict.confirmed) return {};
    const ConfirmSummary& confirmed = *report.verdict.confirmed;
    Warnings warnings;
    for (const std::string& problem : confirmed.problems) {
        warnings.push_back("not confirmed: " + problem);
    }
    if (confirmed.not_reproduced > 0 && confirmed.policy == NotReproducedPolicy::warn) {
        warnings.push_back(
            fmt::format("{} of the leaks did not show when their tests were run again, and do not "
                        "count (--not-reproduced warn)",
                        confirmed.not_reproduced));
    }
    const std::uint64_t rate = found.snapshot.sampling.rate;
    if (rate > 1 && confirmed.tests > 0 && confirmed.tests < report.tests.size()) {
        warnings.push_back(fmt::format(
            "1 in {} allocations was sampled, and only the tests that were seen to leak were run "
            "again: a leak of fewer than about {:.0f} blocks may have been missed in the others; "
            "run with -s 1 to be sure",
            rate, Sample().blocks(found.unseen).upper));
    }
    return warnings;
}

}  // namespace leakcheck
