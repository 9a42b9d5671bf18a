// SPDX-License-Identifier: Apache-2.0
#include "runner/run/run_command.hpp"

#include <unistd.h>

#include <csignal>
#include <exception>
#include <iostream>
#include <string>
#include <utility>

#include "analysis/verdict.hpp"
#include "runner/cli/environment.hpp"
#include "runner/cli/gtest_listing.hpp"
#include "runner/cli/report_files.hpp"
#include "runner/cli/sanitizer_log.hpp"
#include "runner/launch/child.hpp"
#include "runner/run/confirm_stage.hpp"
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

int write(const RunOutcome& outcome, const RunPlan& plan) {
    const auto problems = write_reports(outcome, plan.options, plan.identity);
    for (const std::string& problem : problems) say(problem);
    const int status = outcome.report.exit_code;
    return problems.empty() || status != 0 ? status : own_error_status;
}

Options with_sanitizer_log(Options options) {
    options.reports.leak_sanitizer = sanitizer_log(process_environment(), ::getpid());
    return options;
}

// Nothing to find, and whoever lists tests while building may have no privileges.
[[noreturn]] void list_tests(const RunPlan& plan) {
    sigset_t mask;
    ::sigprocmask(SIG_SETMASK, nullptr, &mask);
    become_command(launch_spec(plan, mask));
}

int report_run(TracedRun run, const RunPlan& plan, const Options& options) {
    const ChildResult child = run.supervision.child;
    try {
        ExaminedRun first(std::move(run), plan, options,
                          options.reports.record ? Record::yes : Record::no);
        Findings found = first.examine();
        ConfirmStage second(plan, first.run());
        second.decide(found);
        const Report report = first.conclude(std::move(found));
        std::signal(SIGPIPE, SIG_IGN);  // only now: commands would have inherited it
        return write({report, first.recording(), first.run().gtest_xml, second.log()}, plan);
    } catch (const std::exception& error) {
        say(error.what());
        const int status = command_status(child);
        return status != 0 ? status : own_error_status;
    }
}

}  // namespace

int run_command(const Options& given) {
    try {
        const Options options = with_sanitizer_log(given);
        const RunPlan plan = make_run_plan(options);
        if (lists_gtest_tests(options.command)) list_tests(plan);
        check_before_running(plan, report_files(options.reports));
        const RunOrder first = first_run_order(plan);
        return report_run(run_traced(first), plan, first.options);
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
