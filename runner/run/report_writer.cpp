// SPDX-License-Identifier: Apache-2.0
#include "runner/run/report_writer.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include "reporters/reporters.hpp"
#include "runner/cli/environment.hpp"
#include "runner/cli/report_files.hpp"
#include "runner/cli/sanitizer_log.hpp"
#include "runner/cli/terminal.hpp"

namespace leakcheck {
namespace {

namespace fs = std::filesystem;

using RenderFn = std::function<void(std::ostream&)>;

ReadSourceFn read_below(const fs::path& source_root) {
    return [source_root](const std::string& file) -> std::optional<std::string> {
        std::ifstream stream(source_root / file,
                             std::ios::binary);  // an absolute `file` stands alone
        if (!stream) return std::nullopt;
        return std::string(std::istreambuf_iterator<char>(stream), {});
    };
}

std::map<std::string, RenderFn> renderers(const RunOutcome& outcome, LeakKinds show) {
    const Report& report = outcome.report;
    return {
        {"--json", [&](std::ostream& out) { render_json(report, out); }},
        {"--junit", [&](std::ostream& out) { render_junit(report, outcome.gtest_xml, out); }},
        {"--sarif",
         [&](std::ostream& out) { render_sarif(report, read_below(report.source_root), out); }},
        {"--valgrind",
         [&, show](std::ostream& out) { render_valgrind(report, show, getpid(), out); }},
        {sanitizer_log_option,
         [&](std::ostream& out) { render_leak_sanitizer(report, getpid(), out); }},
        {"--confirm-log", [&](std::ostream& out) { out << outcome.confirm_log; }},
        {"--record", [&](std::ostream& out) { write_recording(outcome.recording, out); }},
    };
}

ConsoleOptions console_options(const Options& options) {
    ConsoleOptions console;
    console.profile = options.profile_tests;
    console.colour = wants_colour(options.colour, stream_of(STDERR_FILENO), process_environment())
                         ? Colour::on
                         : Colour::off;
    console.top = options.top;
    console.show = options.show;
    console.quiet = options.verbosity == Verbosity::quiet;
    console.verbose = options.verbosity == Verbosity::verbose;
    return console;
}

std::optional<std::string> write_file(const ReportFile& file, const RenderFn& render,
                                      const Identity& identity) {
    std::ostringstream text;
    try {
        render(text);
    } catch (const ReportError& error) {
        return file.option + " " + file.path.string() + ": " + error.what();
    }
    const auto problem = write_report_file(file, std::move(text).str(), identity);
    if (problem) return problem->message;
    return std::nullopt;
}

}  // namespace

std::vector<std::string> write_reports(const RunOutcome& outcome, const Options& options,
                                       const Identity& identity) {
    std::vector<std::string> problems;
    const auto render = renderers(outcome, options.show);
    for (const ReportFile& file : report_files(options.reports))
        if (auto problem = write_file(file, render.at(file.option), identity))
            problems.push_back(std::move(*problem));
    if (wants_github(options.github, process_environment())) {
        render_github(outcome.report, options.show, std::cout);
        if (!std::cout.flush()) problems.push_back("cannot write annotations to standard output");
    }
    if (options.cdash) {
        render_cdash(outcome.report, std::cout);
        if (!std::cout.flush()) problems.push_back("cannot write measurements to standard output");
    }
    render_console(outcome.report, console_options(options), std::cerr);
    return problems;
}

}  // namespace leakcheck
