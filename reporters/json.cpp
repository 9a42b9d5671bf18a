// SPDX-License-Identifier: Apache-2.0
//
// The result file. Field names and meaning: docs/result.schema.json; change both together.
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "reporters/baseline_json.hpp"
#include "reporters/confirm_json.hpp"
#include "reporters/confirm_words.hpp"
#include "reporters/json_values.hpp"
#include "reporters/json_writer.hpp"
#include "reporters/kind_json.hpp"
#include "reporters/path_json.hpp"
#include "reporters/reporters.hpp"
#include "reporters/stack_json.hpp"
#include "reporters/wording.hpp"

namespace leakcheck {
namespace {

using Json = nlohmann::ordered_json;

constexpr int schema_version = 1;

std::string_view name_of(OwnerKind kind) {
    switch (kind) {
        case OwnerKind::outside_tests:
            return "outside_tests";
        case OwnerKind::environment_set_up:
            return "environment_set_up";
        case OwnerKind::environment_tear_down:
            return "environment_tear_down";
        case OwnerKind::suite_set_up:
            return "suite_set_up";
        case OwnerKind::suite_tear_down:
            return "suite_tear_down";
        case OwnerKind::test:
            break;
    }
    return "test";
}

std::string_view name_of(NotGated reason) {
    switch (reason) {
        case NotGated::none:
            return "none";
        case NotGated::outside_tests:
            return "outside_tests";
        case NotGated::no_tests:
            return "no_tests";
        case NotGated::abnormal_end:
            return "abnormal_end";
        case NotGated::replaced:
            return "replaced";
        case NotGated::still_running:
            return "still_running";
        case NotGated::death_test:
            return "death_test";
        case NotGated::not_reproduced:
            return "not_reproduced";
        case NotGated::one_time:
            return "one_time";
        case NotGated::kind:
            return "kind";
        case NotGated::suppressed:
            return "suppressed";
        case NotGated::in_baseline:
            return "baseline";
        case NotGated::known:
            break;
    }
    return "known";
}

std::string_view name_of(StackStatus status) {
    switch (status) {
        case StackStatus::complete:
            return "complete";
        case StackStatus::frame_pointer:
            return "frame_pointer";
        case StackStatus::truncated:
            return "truncated";
        case StackStatus::missing:
            break;
    }
    return "missing";
}

std::string_view name_of(StackOrigin origin) {
    switch (origin) {
        case StackOrigin::own:
            return "own";
        case StackOrigin::same_path:
            return "same_path";
        case StackOrigin::representative:
            break;
    }
    return "representative";
}

std::string_view name_of(VerdictStatus status) {
    switch (status) {
        case VerdictStatus::pass:
            return "pass";
        case VerdictStatus::fail:
            return "fail";
        case VerdictStatus::inconclusive:
            break;
    }
    return "inconclusive";
}

std::string_view name_of(ProcessEnd end) {
    switch (end) {
        case ProcessEnd::running:
            return "running";
        case ProcessEnd::exited:
            return "exited";
        case ProcessEnd::signaled:
            return "signaled";
        case ProcessEnd::replaced:
            break;
    }
    return "replaced";
}

std::string_view name_of(TestDiscovery discovery) {
    switch (discovery) {
        case TestDiscovery::brackets:
            return "brackets";
        case TestDiscovery::no_framework:
            return "no_framework";
        case TestDiscovery::not_found:
            break;
    }
    return "not_found";
}

template <typename Value>
Json value_or_null(const std::optional<Value>& value) {
    return value ? Json(*value) : Json(nullptr);
}

std::string_view name_of(SamplingKind kind) {
    switch (kind) {
        case SamplingKind::one_in:
            return "one_in";
        case SamplingKind::counted:
            return "counted";
        case SamplingKind::adaptive:
            return "adaptive";
        case SamplingKind::bytes:
            return "bytes";
        case SamplingKind::strata:
            return "strata";
        case SamplingKind::auto_rate:
            break;
    }
    return "auto_rate";
}

Json sampling(const SamplingInfo& s) {
    Json strata = Json::array();
    for (const SizeStratum& stratum : s.strata) {
        strata.push_back(
            {{"below", stratum.below == UINT64_MAX ? Json(nullptr) : Json(stratum.below)},
             {"rate", stratum.rate}});
    }
    return {{"mode", s.mode},
            {"kind", name_of(s.kind)},
            {"rate", s.rate},
            {"first_samples", positive_or_null(s.first_samples)},
            {"mean_bytes", positive_or_null(s.mean_bytes)},
            {"strata", std::move(strata)},
            {"exact", is_exact(s)},
            {"seed", s.seed},
            {"min_size", s.min_size},
            {"max_size", s.max_size == UINT64_MAX ? Json(nullptr) : Json(s.max_size)}};
}

std::string_view name_of(BudgetPer per) {
    switch (per) {
        case BudgetPer::test:
            return "test";
        case BudgetPer::site:
            return "site";
        case BudgetPer::run:
            break;
    }
    return "run";
}

Json budget_result(const BudgetResult& b) {
    return {{"name", b.rule.name},
            {"tests", text_or_null(b.rule.tests)},
            {"sites", text_or_null(b.rule.sites)},
            {"kinds", b.rule.kinds ? kinds_json(*b.rule.kinds) : Json(nullptr)},
            {"max_bytes", value_or_null(b.rule.max_bytes)},
            {"max_blocks", value_or_null(b.rule.max_blocks)},
            {"per", name_of(b.rule.per)},
            {"reason", text_or_null(b.rule.reason)},
            {"until", text_or_null(b.rule.until)},
            {"expired", b.expired},
            {"exceeded", b.exceeded},
            {"leaks", b.leaks},
            {"scopes", b.scopes},
            {"fullest", text_or_null(b.fullest)},
            {"bytes", quantity_json(b.bytes)},
            {"blocks", quantity_json(b.blocks)}};
}

Json budget(const Report& r) {
    return {{"bytes", r.budget.bytes},
            {"bytes_given", r.budget.bytes_given},
            {"blocks", r.budget.blocks},
            {"blocks_given", r.budget.blocks_given},
            {"gate_outside_tests", r.gate_outside_tests},
            {"fail_on", kinds_json(r.fail_on)}};
}

Json totals(const Report& r) {
    return {{"leaked_bytes", quantity_json(r.leaked_bytes)},
            {"leaked_blocks", quantity_json(r.leaked_blocks)},
            {"other_bytes", quantity_json(r.other_bytes)},
            {"other_blocks", quantity_json(r.other_blocks)},
            {"by_kind", kind_totals_json(r.by_kind)},
            {"allocated_bytes", std::llround(r.allocated_bytes.estimate)},
            {"allocated_blocks", std::llround(r.allocated_blocks.estimate)},
            {"allocated", quantities_json(r.allocated_bytes, r.allocated_blocks)},
            {"libc_bytes", r.libc_bytes},
            {"libc_blocks", r.libc_blocks},
            {"suppressed", leak_count_json(r.suppressed)},
            {"baseline", leak_count_json(r.baseline ? r.baseline->known : LeakCount{})},
            {"younger_bytes", r.younger_bytes},
            {"younger_blocks", r.younger_blocks}};
}

Json heap_use(const HeapUse& h) {
    return {{"live_before", h.live_before},
            {"live_after", h.live_after},
            {"peak", h.peak},
            {"freed_bytes", h.freed_bytes},
            {"freed_blocks", h.freed_blocks}};
}

Json test(const TestResult& t) {
    return {{"name", t.name},
            {"suite", t.suite},
            {"test", t.test},
            {"status", test_status_name(t.status)},
            {"leaked_bytes", quantity_json(t.leaked_bytes)},
            {"leaked_blocks", quantity_json(t.leaked_blocks)},
            {"by_kind", kind_totals_json(t.by_kind)},
            {"allocated_bytes", std::llround(t.allocated_bytes.estimate)},
            {"allocated_blocks", std::llround(t.allocated_blocks.estimate)},
            {"allocated", quantities_json(t.allocated_bytes, t.allocated_blocks)},
            {"runs", t.runs},
            {"seconds", t.seconds},
            {"heap", t.heap_use ? heap_use(*t.heap_use) : Json(nullptr)},
            {"budget_bytes", value_or_null(t.budget_bytes)},
            {"budget_blocks", value_or_null(t.budget_blocks)},
            {"definition", t.definition ? location_json(*t.definition) : Json(nullptr)}};
}

Json suite(const SuiteResult& s) {
    return {{"name", s.name},
            {"tests", s.tests},
            {"leaked_bytes", quantity_json(s.leaked_bytes)},
            {"leaked_blocks", quantity_json(s.leaked_blocks)},
            {"allocated", quantities_json(s.allocated_bytes, s.allocated_blocks)}};
}

Json site(const SiteResult& s) {
    return {{"site", location_json(s.site)},
            {"leaks", s.leaks},
            {"leaked_bytes", quantity_json(s.leaked_bytes)},
            {"leaked_blocks", quantity_json(s.leaked_blocks)}};
}

Json leak(const Leak& l) {
    Json json{
        {"fingerprint", l.fingerprint},
        {"kind", leak_kind_name(l.kind)},
        {"test", value_or_null(l.test)},
        {"test_runs", l.test ? Json(l.test_runs) : Json(nullptr)},
        {"owner", l.owner},
        {"owner_kind", name_of(l.owner_kind)},
        {"bytes", quantity_json(l.bytes)},
        {"blocks", quantity_json(l.blocks)},
        {"largest_block", l.largest_block},
        {"gated", l.not_gated == NotGated::none},
        {"not_gated", l.not_gated == NotGated::none ? Json(nullptr) : Json(name_of(l.not_gated))},
        {"known_reason", text_or_null(l.known_reason)},
        {"suppression", text_or_null(l.suppression)},
        {"baseline_state", baseline_state_json(l.baseline_state)},
        {"budget", text_or_null(l.budget)},
        {"over_budget", l.over_budget},
        {"process", text_or_null(l.process)},
        {"processes", l.processes},
        {"site", location_json(l.site)},
        {"site_frame", l.site_frame < l.stack.size() ? Json(l.site_frame) : Json(nullptr)},
        {"stack_status", name_of(l.stack_status)},
        {"stack_origin", name_of(l.stack_origin)},
        {"stack", Json::array()}};
    for (const Frame& f : l.stack) json["stack"].push_back(frame_json(f));
    json["held_by"] = held_by_json(l.held_by);
    add_indirect(json, l);
    add_release(json, l);
    add_confirmation(json, l);
    return json;
}

Json losses(const Report& r) {
    Json json = Json::object();
    for (const Loss& loss : r.losses) {
        json[loss.name] = {{"count", loss.count},
                           {"harms_verdict", loss.harms_verdict},
                           {"explanation", loss.explanation}};
    }
    return json;
}

Json verdict(const Verdict& v) {
    Json json{{"status", name_of(v.status)},
              {"violations", Json::array()},
              {"inconclusive_reasons", v.inconclusive_reasons}};
    for (const Violation& violation : v.violations) {
        json["violations"].push_back({{"scope", violation.scope},
                                      {"measure", violation.measure},
                                      {"actual", violation.actual},
                                      {"budget", violation.budget},
                                      {"rule", text_or_null(violation.rule)},
                                      {"message", violation.message}});
    }
    json["stage"] = stage_name(v.stage);
    json["confirmed"] = confirm_summary_json(v);
    return json;
}

Json child(const ChildResult& c) {
    return {{"end", name_of(c.end)},
            {"status", c.status},
            {"core_dumped", c.core_dumped},
            {"running_test", text_or_null(c.running_test)}};
}

Json stacks(const StackSummary& s) {
    Json json = stack_counts_json(s.leaks);
    json["allocations"] = stack_statistics_json(s.allocations);
    json["leaked_blocks"] = stack_statistics_json(s.leaked_blocks);
    return json;
}

template <typename Item, typename Convert>
Json array_of(const std::vector<Item>& items, Convert convert) {
    Json json = Json::array();
    for (const Item& item : items) json.push_back(convert(item));
    return json;
}

Json before_leaks(const Report& r) {
    return {
        {"schema_version", schema_version},
        {"tool", {{"name", "leakcheck"}, {"version", r.tool_version}}},
        {"command", r.command},
        {"working_directory", r.working_directory},
        {"source_root", r.source_root},
        {"started_at", r.started_at},
        {"wall_seconds", r.wall_seconds},
        {"engine", r.engine},
        {"sampling", sampling(r.sampling)},
        {"config_file", text_or_null(r.config_file)},
        {"environment", text_or_null(r.environment)},
        {"budget", budget(r)},
        {"budgets", array_of(r.budgets, budget_result)},
        {"totals", totals(r)},
        {"discovery", {{"status", name_of(r.discovery)}, {"note", text_or_null(r.discovery_note)}}},
        {"tests", array_of(r.tests, test)},
        {"suites", array_of(r.suites, suite)},
        {"sites", array_of(r.sites, site)}};
}

Json behind_leaks(const Report& r) {
    return {{"suppressions", suppressions_json(r.suppressions)},
            {"baseline", r.baseline ? baseline_json(*r.baseline) : Json(nullptr)},
            {"pointer_checks", pointer_checks_json(r.pointer_checks)},
            {"losses", losses(r)},
            {"warnings", r.warnings},
            {"stacks", stacks(r.stacks)},
            {"processes", {{"total", r.processes}, {"untraced", r.untraced_processes}}},
            {"events", r.events},
            {"overhead", overhead_json(r.overhead)},
            {"child", child(r.child)},
            {"verdict", verdict(r.verdict)},
            {"exit_code", r.exit_code}};
}

}  // namespace

void render_json(const Report& report, std::ostream& out) {
    JsonWriter writer(out);
    writer.begin_object();
    writer.members(before_leaks(report));
    writer.begin_array("leaks");
    for (const Leak& one : report.leaks) writer.element(leak(one));
    writer.end_array();
    writer.members(behind_leaks(report));
    writer.end_object();
    out << '\n';
}

}  // namespace leakcheck
