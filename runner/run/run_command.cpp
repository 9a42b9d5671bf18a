// SPDX-License-Identifier: Apache-2.0
#include "runner/run/run_command.hpp"

#include <csignal>
#include <exception>
#include <iostream>
#include <string>
#include <utility>

#include "analysis/verdict.hpp"
#include "runner/cli/report_files.hpp"
#include "runner/launch/child.hpp"
#include "runner/run/report_writer.hpp"
#include "runner/run/run_plan.hpp"
#include "runner/run/run_report.hpp"
#include "runner/run/traced_run.hpp"

namespace leakcheck {
namespace {

using Record = ExaminedRun::Record;

void say(const std::string& message) {
    std::cerr << "leakcheck: " << message << "\n" << std::flush;
}

int write(const Report& report, const ExaminedRun& first, const RunPlan& plan) {
    const auto problems = write_reports({report, first.recording(), first.run().gtest_xml},
                                        plan.options, plan.identity);
    for (const std::string& problem : problems) say(problem);
    return problems.empty() || report.exit_code != 0 ? report.exit_code : own_error_status;
}

int report_run(TracedRun run, const RunPlan& plan) {
    const ChildResult child = run.supervision.child;
    try {
        ExaminedRun first(std::move(run), plan, plan.options,
                          plan.options.reports.record ? Record::yes : Record::no);
        const Report report = first.conclude(first.examine());
        std::signal(SIGPIPE, SIG_IGN);  // only now: commands would have inherited it
        return write(report, first, plan);
    } catch (const std::exception& error) {
        say(error.what());
        const int status = command_status(child);
        return status != 0 ? status : own_error_status;
    }
}

}  // namespace

int run_command(const Options& options) {
    try {
        const RunPlan plan = make_run_plan(options);
        check_before_running(plan, report_files(options.reports));
        return report_run(run_traced(first_run_order(plan)), plan);
    } catch (const CannotStart& error) {
        say(error.what());
        return error.status();
    } catch (const LaunchError& error) {
        say(error.what());
        return error.status();
    } catch (const std::exception& error) {
        say(error.what());
        return own_error_status;
    }
}

}  // namespace leakcheck
