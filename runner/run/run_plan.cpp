// SPDX-License-Identifier: Apache-2.0
#include "runner/run/run_plan.hpp"

#include <unistd.h>

#include <optional>
#include <system_error>
#include <utility>
#include <variant>

#include "runner/cli/outcome.hpp"
#include "runner/cli/source_root.hpp"
#include "runner/config/known_leaks.hpp"
#include "runner/elf/program_check.hpp"
#include "runner/run/preflight.hpp"

namespace leakcheck {
namespace {

template <typename Result>
Result need(Outcome<Result> outcome) {
    if (const auto* problem = std::get_if<Problem>(&outcome))
        throw CannotStart(problem->message, own_error_status);
    return std::get<Result>(std::move(outcome));
}

int status_of(ProgramProblem problem) {
    switch (problem) {
        case ProgramProblem::not_found:
            return 127;
        case ProgramProblem::not_executable:
            return 126;
        default:
            return own_error_status;
    }
}

// Nothing where the command runs as whoever runs this.
std::optional<ProgramUser> program_user(const Identity& identity) {
    if (!identity.differs) return std::nullopt;
    return ProgramUser{
        identity.uid, identity.gid, {identity.groups.begin(), identity.groups.end()}};
}

// Both may be called leakcheck.json.
void keep_configuration(const RunPlan& plan, const std::vector<ReportFile>& files) {
    std::error_code ignored;  // what is not there is not overwritten
    for (const ReportFile& file : files) {
        const std::filesystem::path path = plan.working_directory / file.path;
        if (plan.options.config_path.empty() ||
            !std::filesystem::equivalent(path, plan.options.config_path, ignored))
            continue;
        throw CannotStart(file.option + " " + file.path.string() +
                              ": this is the configuration file; give another path, or another "
                              "--report-dir",
                          own_error_status);
    }
}

}  // namespace

RunPlan make_run_plan(const Options& options) {
    const std::filesystem::path here = std::filesystem::current_path();
    RunPlan plan{options, need(choose_identity(real_identity_world(), options.as_root)), here,
                 need(find_source_root(options.source_root, here)), EnvironmentBlock(environ)};
    for (const std::string& entry : plan.identity.environment) {
        plan.environment.set_entry(entry);
    }
    plan.suppressions = need(load_suppressions(options, here));
    if (options.baseline) plan.baseline = need(load_baseline(options, here));
    return plan;
}

LaunchSpec launch_spec(const RunPlan& plan, const sigset_t& mask) {
    LaunchSpec spec;
    spec.command = plan.options.command;
    spec.environment = plan.environment.entries();
    spec.change_identity = plan.identity.differs;
    spec.uid = plan.identity.uid;
    spec.gid = plan.identity.gid;
    spec.groups = plan.identity.groups;
    spec.signal_mask = mask;
    return spec;
}

void check_before_running(const RunPlan& plan, const std::vector<ReportFile>& files) {
    const ProgramCheck program =
        check_program(plan.options.command[0], plan.environment.get("PATH").value_or(""),
                      program_user(plan.identity));
    if (program.problem != ProgramProblem::none)
        throw CannotStart(program.message, status_of(program.problem));
    keep_configuration(plan, files);
    if (const auto problem =
            prepare_report_files(files, plan.options.reports.directory, plan.identity))
        throw CannotStart(problem->message, own_error_status);
    if (const auto blocker = first_blocker_here()) throw CannotStart(*blocker, own_error_status);
}

}  // namespace leakcheck
