// SPDX-License-Identifier: Apache-2.0
//
// Measurements in the form that CTest looks for in what a test prints (ctest(1), "Additional Test
// Measurements") and shows as columns and trends in CDash.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "reporters/reporters.hpp"
#include "reporters/wording.hpp"

namespace leakcheck {
namespace {

void number(std::ostream& out, std::string_view name, double value) {
    out << fmt::format(R"(<CTestMeasurement type="numeric/double" name="{}">{}</CTestMeasurement>)"
                       "\n",
                       name, value);
}

double count_of_leaks(const Report& report) {
    return static_cast<double>(
        std::count_if(report.leaks.begin(), report.leaks.end(),
                      [](const Leak& leak) { return leak.not_gated == NotGated::none; }));
}

}  // namespace

void render_cdash(const Report& report, std::ostream& out) {
    number(out, "Leaked bytes", report.leaked_bytes.estimate);
    number(out, "Leaked blocks", report.leaked_blocks.estimate);
    number(out, "Leaks", count_of_leaks(report));
    number(out, "Allocated bytes", report.allocated_bytes.estimate);
    number(out, "Allocated blocks", report.allocated_blocks.estimate);
    if (report.overhead.timed_events > 0)
        number(out, "Tracing overhead (%)", report.overhead.percent());
    out << fmt::format(
        R"(<CTestMeasurement type="text/string" name="Leak verdict">{}</CTestMeasurement>)"
        "\n",
        verdict_word(report.verdict.status));
}

}  // namespace leakcheck
