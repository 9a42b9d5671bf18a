// SPDX-License-Identifier: Apache-2.0
#include "reporters/confirm_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "reporters/sampling_words.hpp"
#include "reporters/wording.hpp"

namespace leakcheck {
namespace {

// Three digits tell enough of what was measured or averaged.
std::string short_number(double value) {
    return value < 1000.0 ? fmt::format("{:.3g}", value) : fmt::format("{:.0f}", value);
}

std::string confirmation_remark(const Leak& leak) {
    if (leak.not_gated == NotGated::kind) return "";  // nothing was to be confirmed
    const bool counts = leak.not_gated == NotGated::none;
    switch (leak.confirmation) {
        case Confirmation::confirmed:
            return "confirmed: its test leaked again, with every allocation traced";
        case Confirmation::not_reproduced:
            return counts ? "not reproduced: it did not show when its test ran again" : "";
        case Confirmation::unconfirmed:
            return counts ? "unconfirmed: only the first run says so" : "";
        case Confirmation::none:
            break;
    }
    return "";
}

std::string growth_remark(const Leak& leak) {
    switch (leak.repetition.growth) {
        case Growth::growing:
            return fmt::format("grows with every repetition, by {} in {} block{} on average",
                               human_size(leak.repetition.bytes_per_repeat),
                               short_number(leak.repetition.blocks_per_repeat),
                               leak.repetition.blocks_per_repeat == 1.0 ? "" : "s");
        case Growth::one_time:
            return leak.not_gated == NotGated::one_time
                       ? ""
                       : "one-time: only the first repetition leaked it";
        case Growth::unknown:
            break;
    }
    return "";
}

std::string counted(std::uint64_t count, std::string_view what) {
    return count == 0 ? "" : fmt::format(", {} {}", grouped_digits(count), what);
}

std::string policy_remark(const ConfirmSummary& summary) {
    if (summary.not_reproduced == 0) return "";
    return summary.policy == NotReproducedPolicy::fail ? " (counted all the same)"
                                                       : " (not counted)";
}

bool all_confirmed(const std::vector<const Leak*>& leaks) {
    return std::all_of(leaks.begin(), leaks.end(), [](const Leak* leak) {
        return leak->confirmation == Confirmation::confirmed;
    });
}

}  // namespace

std::vector<std::string> confirm_remarks(const Leak& leak) {
    std::vector<std::string> remarks;
    for (std::string remark : {confirmation_remark(leak), growth_remark(leak)}) {
        if (!remark.empty()) remarks.push_back(std::move(remark));
    }
    return remarks;
}

std::string confirm_suffix(const Leak& leak) {
    const auto remarks = confirm_remarks(leak);
    return remarks.empty() ? "" : fmt::format(" ({})", fmt::join(remarks, "; "));
}

std::string coverage_of(const SamplingInfo& sampling, const std::vector<const Leak*>& leaks) {
    return all_confirmed(leaks) ? "every allocation of the test was traced" : coverage(sampling);
}

std::string_view measured_of(const SamplingInfo& sampling, const std::vector<const Leak*>& leaks) {
    return all_confirmed(leaks) ? "counted" : measured(sampling);
}

std::string confirm_summary(const Verdict& verdict) {
    if (!verdict.confirmed) return "";
    const ConfirmSummary& summary = *verdict.confirmed;
    if (summary.tests == 0)
        return "no test could be run again: the verdict is that of the first run";
    const std::string often =
        summary.repetitions > 1 ? plural(summary.repetitions, "time") + " in one process, " : "";
    return fmt::format(
        "{} ran again, {}every allocation traced: {} confirmed{}{}{}{}; that decides",
        plural(summary.tests, "test"), often, plural(summary.confirmed, "leak"),
        counted(summary.one_time, "of them one-time"),
        counted(summary.not_reproduced, "not reproduced"), policy_remark(summary),
        counted(summary.unconfirmed, "unconfirmed"));
}

std::string overhead_summary(const Overhead& overhead) {
    if (overhead.timed_events == 0 || overhead.cpu_seconds <= 0.0) return "";
    std::string text = fmt::format(
        "tracing took about {} s of {} s of CPU time ({} %): {} of about {:.0f} ns",
        short_number(overhead.tracing_seconds()), short_number(overhead.cpu_seconds),
        short_number(overhead.percent()), plural(overhead.events, "event"), overhead.event_ns);
    for (const PressureChange& change : overhead.pressure) {
        text += change.stopped ? fmt::format("; stopped after {:.1f} s", change.at_seconds)
                               : fmt::format("; cut to 1 in {} after {:.1f} s", 1u << change.level,
                                             change.at_seconds);
    }
    return text;
}

std::string_view confirmation_name(Confirmation confirmation) {
    switch (confirmation) {
        case Confirmation::confirmed:
            return "confirmed";
        case Confirmation::not_reproduced:
            return "not reproduced";
        case Confirmation::unconfirmed:
            return "unconfirmed";
        case Confirmation::none:
            break;
    }
    return "";
}

std::string_view growth_name(Growth growth) {
    switch (growth) {
        case Growth::one_time:
            return "one-time";
        case Growth::growing:
            return "growing";
        case Growth::unknown:
            break;
    }
    return "";
}

std::string_view policy_name(NotReproducedPolicy policy) {
    switch (policy) {
        case NotReproducedPolicy::warn:
            return "warn";
        case NotReproducedPolicy::ignore:
            return "ignore";
        case NotReproducedPolicy::fail:
            break;
    }
    return "fail";
}

std::string_view stage_name(VerdictStage stage) {
    return stage == VerdictStage::confirm ? "confirm" : "first";
}

}  // namespace leakcheck
