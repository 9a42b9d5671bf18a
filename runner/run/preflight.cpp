// SPDX-License-Identifier: Apache-2.0
#include "runner/run/preflight.hpp"

#include <bpf/libbpf.h>
#include <elfutils/libdwfl.h>
#include <fmt/core.h>
#include <gnu/libc-version.h>
#include <unistd.h>

#include <exception>
#include <filesystem>
#include <iostream>

#include "runner/cli/version.hpp"
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

// Those that come with the system, as they are found now.
std::string library_facts() {
    return fmt::format("libbpf: {}.{}\nelfutils: {}\nglibc: {}\n", libbpf_major_version(),
                       libbpf_minor_version(), ::dwfl_version(nullptr), ::gnu_get_libc_version());
}

}  // namespace

int print_version(Verbosity verbosity) {
    std::cout << version_line();
    if (verbosity == Verbosity::verbose)
        std::cout << build_facts() << library_facts() << machine_facts(world_here());
    return std::cout.flush() ? 0 : own_error_status;
}

std::optional<std::string> first_blocker_here() {
    return first_blocker(run_checks(world_here(), {}));
}

int run_doctor(bool json) {
    const std::vector<CheckResult> checks = run_checks(world_here(), try_tracing);
    std::cout << (json ? doctor_json(checks) : doctor_text(checks)) << std::flush;
    return doctor_exit_status(checks);
}

}  // namespace leakcheck
