// SPDX-License-Identifier: Apache-2.0
#include "runner/run/preflight.hpp"

#include <unistd.h>

#include <exception>
#include <filesystem>
#include <iostream>

#include "runner/run/sampler_library.hpp"
#include "runner/trace/open_tracer.hpp"
#include "runner/trace/run_directory.hpp"

namespace leakcheck {
namespace {

DoctorWorld world_here() {
    const auto library = find_sampler_library();
    return real_doctor_world(library ? library->string() : std::string(),
                             std::filesystem::temp_directory_path().string());
}

// What a run does, without a command.
CheckResult try_tracing() {
    CheckResult check{"trace", CheckStatus::ok, "BPF programs load and attach", "", ""};
    try {
        RunDirectory directory(::getuid(), ::getgid());
        Options defaults;
        make_run_copy(find_sampler_library().value(), directory.sampler(), directory.control(),
                      defaults);
        TraceConfig config;
        config.sampler = directory.sampler();
        config.control = directory.control();
        open_tracer(config);
    } catch (const std::exception& error) {
        check.status = CheckStatus::error;
        check.finding = error.what();
        check.meaning = "a run would end with status 125";
        check.mend = "mend what the checks above name, or run as root";
    }
    return check;
}

}  // namespace

std::optional<std::string> first_blocker_here() {
    return first_blocker(run_checks(world_here(), {}));
}

int run_doctor(bool json) {
    const std::vector<CheckResult> checks = run_checks(world_here(), try_tracing);
    std::cout << (json ? doctor_json(checks) : doctor_text(checks)) << std::flush;
    return doctor_exit_status(checks);
}

}  // namespace leakcheck
