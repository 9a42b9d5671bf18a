// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <iostream>
#include <string_view>

#include "runner/cli/options.hpp"
#include "runner/explain/explain.hpp"
#include "runner/run/baseline_command.hpp"
#include "runner/run/preflight.hpp"
#include "runner/run/run_command.hpp"
#include "runner/trace/trace_helper.hpp"

namespace leakcheck {
namespace {

int act(const Options& options) {
    return run_command(options);
}

int act(const DoctorOptions& options) {
    return run_doctor(options.json);
}

int act(const ExplainOptions& options) {
    return run_explain(options, std::cout, std::cerr);
}

int act(const BaselineOptions& options) {
    return run_baseline(options);
}

int act(const VersionOptions& options) {
    return print_version(options.verbosity);
}

int act(const ExitNow& exit) {
    std::cout << exit.text << std::flush;
    return exit.status;
}

int act(const UsageError& error) {
    std::cerr << "leakcheck: " << error.message << "\n";
    return error.status;
}

}  // namespace
}  // namespace leakcheck

int main(int argc, char** argv) {
    if (argc == 2 && std::string_view(argv[1]) == leakcheck::trace_helper_argument)
        return leakcheck::run_trace_helper();
    return std::visit([](const auto& result) { return leakcheck::act(result); },
                      leakcheck::parse_options(
                          argc, argv, leakcheck::config_files(std::filesystem::current_path())));
}
