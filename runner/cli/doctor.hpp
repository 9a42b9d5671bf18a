// SPDX-License-Identifier: Apache-2.0
//
// `leakcheck doctor`: can this machine, and this user, trace? Each check says what was found, what
// that means and the mend. The main command runs the same checks first and ends with the first
// error's line.
//
// The checks are pure functions of a world that tests fake; real_doctor_world() is the machine.
// Thread safety: free functions without state; the real world starts a process (sudo -n true).
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace leakcheck {

enum class CheckStatus {
    ok,
    warning,  // works, with less
    error,    // tracing is impossible
};

struct CheckResult {
    std::string name;  // stable, as in the JSON: "kernel"
    CheckStatus status = CheckStatus::ok;
    std::string finding;
    std::string meaning;  // may be empty
    std::string mend;     // empty where there is nothing to mend
};

struct DirectoryFacts {
    bool exists = false;
    bool writable = false;
    bool executable = true;  // not mounted noexec
};

struct DoctorWorld {
    // The start of a file, at most 1 MiB; nullopt when it is not there or cannot be read.
    std::function<std::optional<std::string>(const std::string& path)> read_file;
    // Runs a command found in PATH with no input or output; its exit status, 127 when it cannot
    // start.
    std::function<int(const std::vector<std::string>& command)> run;
    std::function<DirectoryFacts(const std::string& path)> directory;
    uid_t effective_uid = 0;
    std::string temporary_directory;
    std::string sampler_path;  // of the library to preload
};

DoctorWorld real_doctor_world(std::string sampler_path, std::string temporary_directory);

// One that loads and attaches for real. Does not throw.
using TryBpfFn = std::function<CheckResult()>;

// All checks, in the order they are printed. `try_bpf` comes last, and only if nothing before it is
// an error; empty: left out.
std::vector<CheckResult> run_checks(const DoctorWorld& world, const TryBpfFn& try_bpf);

// The line of a check, without line feed: "[error] kernel: 5.4.0 is too old; ...".
std::string check_line(const CheckResult& check);

// The line of the first error: why the main command cannot start. nullopt: it can.
std::optional<std::string> first_blocker(const std::vector<CheckResult>& checks);

// All lines, and one that sums up.
std::string doctor_text(const std::vector<CheckResult>& checks);

// {"schema_version": 1, "ready": bool, "blocker": line or null, "checks": [{name, status, finding,
// meaning, mend}]}, with a line feed at the end.
std::string doctor_json(const std::vector<CheckResult>& checks);

// What tracing depends on here, one "name: value" a line, without judging and without starting anything: for
// --version --verbose, which bug reports quote.
std::string machine_facts(const DoctorWorld& world);

// 0 when ready, else 125.
int doctor_exit_status(const std::vector<CheckResult>& checks);

}  // namespace leakcheck
