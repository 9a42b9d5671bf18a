// SPDX-License-Identifier: Apache-2.0
#include "analysis/exemptions.hpp"

#include "analysis/baseline_states.hpp"
#include "analysis/suppressions.hpp"

namespace leakcheck {
namespace {

void forget_exemptions(std::vector<SampledLeak>& leaks) {
    for (SampledLeak& one : leaks) {
        Leak& leak = one.leak;
        leak.suppression.clear();
        leak.baseline_state = BaselineState::none;
        if (leak.not_gated == NotGated::suppressed || leak.not_gated == NotGated::in_baseline)
            leak.not_gated = NotGated::none;
    }
}

LeakCount count_suppressed(const std::vector<SampledLeak>& leaks) {
    LeakCount count;
    for (const SampledLeak& one : leaks)
        if (one.leak.not_gated == NotGated::suppressed) add(count, one.leak);
    return count;
}

}  // namespace

void apply_exemptions(Findings& found, const AnalysisOptions& options) {
    Report& report = found.report;
    forget_exemptions(found.leaks);
    report.suppressions = Suppressions(options.suppressions, report.started_at, report.source_root)
                              .apply(found.leaks);
    report.suppressed = count_suppressed(found.leaks);
    if (options.baseline) report.baseline = compare_with_baseline(found, *options.baseline);
    put_in_report_order(found.leaks);
}

}  // namespace leakcheck
