// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/doctor.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "runner/cli/doctor_checks.hpp"
#include "runner/cli/options.hpp"

namespace leakcheck {
namespace {

const char* status_name(CheckStatus status) {
    switch (status) {
        case CheckStatus::ok:
            return "ok";
        case CheckStatus::warning:
            return "warning";
        case CheckStatus::error:
            return "error";
    }
    return "error";
}

bool is_error(const CheckResult& check) {
    return check.status == CheckStatus::error;
}

bool is_ready(const std::vector<CheckResult>& checks) {
    return std::none_of(checks.begin(), checks.end(), is_error);
}

CheckResult attempt(const std::vector<CheckResult>& before, const TryBpfFn& try_bpf) {
    if (is_ready(before)) return try_bpf();
    return {"bpf", CheckStatus::warning, "not tried", "an error above comes first",
            "mend that one"};
}

nlohmann::ordered_json check_json(const CheckResult& check) {
    return {{"name", check.name},
            {"status", status_name(check.status)},
            {"finding", check.finding},
            {"meaning", check.meaning},
            {"mend", check.mend}};
}

}  // namespace

std::vector<CheckResult> run_checks(const DoctorWorld& world, const TryBpfFn& try_bpf) {
    const CheckResult privileges = check_privileges(world);
    const Privileged privileged = is_error(privileges) ? Privileged::no : Privileged::yes;
    std::vector<CheckResult> checks{check_kernel(world),
                                    check_btf(world),
                                    privileges,
                                    check_container(world, privileged),
                                    check_uprobes(world),
                                    check_stacks(world),
                                    check_perf_event_paranoid(world, privileged),
                                    check_unprivileged_bpf(world),
                                    check_lockdown(world),
                                    check_sampler(world),
                                    check_temporary_directory(world)};
    if (const auto memory = check_locked_memory(world)) checks.push_back(*memory);
    if (try_bpf) checks.push_back(attempt(checks, try_bpf));
    return checks;
}

std::string check_line(const CheckResult& check) {
    std::string line =
        fmt::format("[{}] {}: {}", status_name(check.status), check.name, check.finding);
    if (!check.meaning.empty()) line += "; " + check.meaning;
    if (!check.mend.empty()) line += "; " + check.mend;
    return line;
}

std::optional<std::string> first_blocker(const std::vector<CheckResult>& checks) {
    const auto blocker = std::find_if(checks.begin(), checks.end(), is_error);
    if (blocker == checks.end()) return std::nullopt;
    return check_line(*blocker);
}

std::string doctor_text(const std::vector<CheckResult>& checks) {
    std::string text;
    for (const CheckResult& check : checks) text += check_line(check) + "\n";
    const auto errors = std::count_if(checks.begin(), checks.end(), is_error);
    if (errors == 0) return text + "leakcheck can trace here\n";
    return text + fmt::format("leakcheck cannot trace here: {} to mend\n", errors);
}

std::string doctor_json(const std::vector<CheckResult>& checks) {
    nlohmann::ordered_json result{
        {"schema_version", 1}, {"ready", is_ready(checks)}, {"blocker", nullptr}};
    if (const auto blocker = first_blocker(checks)) result["blocker"] = *blocker;
    result["checks"] = nlohmann::ordered_json::array();
    for (const CheckResult& check : checks) result["checks"].push_back(check_json(check));
    return result.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string machine_facts(const DoctorWorld& world) {
    std::string text;
    for (const CheckResult& check :
         {check_kernel(world), check_btf(world), check_uprobes(world), check_stacks(world),
          check_lockdown(world), check_container(world, Privileged::yes), check_sampler(world)})
        text += check.name + ": " + check.finding + "\n";
    return text + "capabilities: " + capabilities_text(world) + "\n";
}

int doctor_exit_status(const std::vector<CheckResult>& checks) {
    return is_ready(checks) ? 0 : own_error_status;
}

}  // namespace leakcheck
