// SPDX-License-Identifier: Apache-2.0
//
// JUnit XML. Leaks that fail the run are failures of the test that owns them; never errors, which
// would hide the test's own failures in some readers. What no test case can carry goes into a suite
// named "leakcheck".
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "reporters/baseline_words.hpp"
#include "reporters/confirm_words.hpp"
#include "reporters/junit_document.hpp"
#include "reporters/junit_leaks.hpp"
#include "reporters/reporters.hpp"
#include "reporters/sampling_words.hpp"
#include "reporters/stack_words.hpp"
#include "reporters/text.hpp"
#include "reporters/wording.hpp"

namespace leakcheck {
namespace {

constexpr std::size_t most_failures = 20;  // of a test case

struct OwnedLeaks {
    std::vector<const Leak*> failing;
    std::vector<const Leak*> others;
};

using LeaksByOwner = std::vector<std::pair<std::string, OwnedLeaks>>;

// Owners in the order of their worst leak.
LeaksByOwner leaks_by_owner(const Report& report) {
    LeaksByOwner owners;
    std::map<std::string, std::size_t> known;
    for (const Leak& leak : report.leaks) {
        const std::string owner = leak.test.value_or(leak.owner);
        const auto [entry, is_new] = known.try_emplace(owner, owners.size());
        if (is_new) owners.emplace_back(owner, OwnedLeaks{});
        OwnedLeaks& leaks = owners[entry->second].second;
        (leak.over_budget ? leaks.failing : leaks.others).push_back(&leak);
    }
    return owners;
}

void add_leaks(JunitDocument& junit, pugi::xml_node test_case, const Report& report,
               const OwnedLeaks& leaks) {
    const std::size_t count = std::min(leaks.failing.size(), most_failures);
    for (std::size_t index = 0; index < count; ++index) {
        const Leak& leak = *leaks.failing[index];
        junit.add_failure(test_case, "leakcheck.leak", junit_message(leak),
                          junit_text(report, leak));
    }
    if (count < leaks.failing.size()) {
        const std::string message =
            plural(leaks.failing.size() - count, "smaller leak") + " not listed here";
        junit.add_failure(test_case, "leakcheck.leak", message, message);
    }
    if (!leaks.others.empty()) junit.add_output(test_case, junit_remarks(report, leaks.others));
}

void add_interrupted(JunitDocument& junit, pugi::xml_node test_case, const Report& report) {
    const std::string message =
        fmt::format("the command {} while this test was running", how_it_ended(report.child));
    junit.add_failure(test_case, "leakcheck.interrupted", message,
                      message + ": its result and those of the tests after it are not known");
}

void add_stack_properties(pugi::xml_node suite, const StackSummary& stacks) {
    const std::string summary = stack_summary_text(stacks);
    if (summary.empty()) return;
    add_property(suite, "leakcheck.stacks", summary);
    const auto incomplete = incomplete_stack_texts(stacks);
    if (incomplete.empty()) return;
    add_property(suite, "leakcheck.stacks.incomplete",
                 fmt::format("{}", fmt::join(incomplete, "; ")));
}

void add_told_property(pugi::xml_node suite, const char* name, const std::string& text) {
    if (!text.empty()) add_property(suite, name, text);
}

// What the whole run has to say, in the only place that every reader keeps.
void add_run_properties(pugi::xml_node suite, const Report& report) {
    add_property(suite, "leakcheck.version", report.tool_version);
    add_property(suite, "leakcheck.verdict", std::string(verdict_word(report.verdict.status)));
    add_property(suite, "leakcheck.summary", run_summary(report));
    add_property(suite, "leakcheck.numbers", std::string(measured(report.sampling)));
    add_property(suite, "leakcheck.sampling", report.sampling.mode);
    add_property(suite, "leakcheck.coverage", coverage(report.sampling));
    add_stack_properties(suite, report.stacks);
    if (report.baseline)
        add_property(suite, "leakcheck.baseline", baseline_words(*report.baseline));
    add_told_property(suite, "leakcheck.second_run", confirm_summary(report.verdict));
    add_told_property(suite, "leakcheck.overhead", overhead_summary(report.overhead));
    const auto& reasons = report.verdict.inconclusive_reasons;
    if (!reasons.empty())
        add_property(suite, "leakcheck.inconclusive", fmt::format("{}", fmt::join(reasons, "; ")));
    for (const Loss& loss : report.losses) {
        add_property(suite, "leakcheck.lost." + single_line(loss.name), std::to_string(loss.count));
    }
}

// Finds the case of a test, or makes one in leakcheck's own suite: the run's failures must be
// somewhere.
class CaseFinder {
  public:
    CaseFinder(JunitDocument& junit, pugi::xml_node own_suite)
        : junit_(junit), own_suite_(own_suite) {}

    pugi::xml_node of(const std::string& owner) {
        if (const pugi::xml_node found = junit_.find_case(owner)) return found;
        auto& made = made_[owner];
        if (!made) made = junit_.add_case(own_suite_, owner, "leakcheck");
        return made;
    }

  private:
    JunitDocument& junit_;
    pugi::xml_node own_suite_;
    std::map<std::string, pugi::xml_node> made_;
};

}  // namespace

void render_junit(const Report& report, const std::string& gtest_xml, std::ostream& out) {
    JunitDocument junit = gtest_xml.empty() ? JunitDocument::from_report(report)
                                            : JunitDocument::from_gtest(gtest_xml);
    const pugi::xml_node own_suite = junit.add_suite("leakcheck");
    add_run_properties(own_suite, report);
    CaseFinder cases(junit, own_suite);
    // A file without any case makes some readers fail.
    if (gtest_xml.empty() && report.tests.empty()) cases.of("outside tests");
    if (!report.child.running_test.empty()) {
        add_interrupted(junit, cases.of(report.child.running_test), report);
    }
    for (const auto& [owner, leaks] : leaks_by_owner(report)) {
        add_leaks(junit, cases.of(owner), report, leaks);
    }
    junit.write(out);
}

}  // namespace leakcheck
