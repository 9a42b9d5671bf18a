// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>
#include <linux/capability.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <sstream>
#include <string_view>
#include <utility>

#include "runner/cli/doctor_checks.hpp"

namespace leakcheck {
namespace {

// The value of a line "Name:\tvalue" of /proc/self/status.
std::string status_field(const DoctorWorld& world, const std::string& name) {
    std::istringstream lines(world.read_file("/proc/self/status").value_or(""));
    const std::string prefix = name + ":\t";
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(prefix)) return line.substr(prefix.size());
    }
    return {};
}

std::optional<std::uint64_t> effective_capabilities(const DoctorWorld& world) {
    const std::string text = status_field(world, "CapEff");
    std::uint64_t mask = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, mask, 16);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return mask;
}

// In a user namespace of its own, a process may have every capability there and none that counts
// here.
bool in_user_namespace(const DoctorWorld& world) {
    std::istringstream map(world.read_file("/proc/self/uid_map").value_or("0 0 4294967295"));
    std::uint64_t inside = 0;
    std::uint64_t outside = 0;
    std::uint64_t count = 0;
    map >> inside >> outside >> count;
    return inside != 0 || outside != 0 || count != 4294967295;
}

constexpr std::array<std::pair<int, const char*>, 3> useful_capabilities{
    {{CAP_SYS_ADMIN, "CAP_SYS_ADMIN"}, {CAP_BPF, "CAP_BPF"}, {CAP_PERFMON, "CAP_PERFMON"}}};

bool is_held(std::uint64_t held, int bit) {
    return (held >> bit & 1) != 0;
}

// Those of the useful ones that are in the set, or those that are not.
std::string useful_names(std::uint64_t set, bool in_set) {
    std::string names;
    for (const auto& [bit, name] : useful_capabilities)
        if (is_held(set, bit) == in_set) names += (names.empty() ? "" : ", ") + std::string(name);
    return names;
}

CheckResult unprivileged_user(const DoctorWorld& world) {
    if (world.run({"sudo", "-n", "true"}) == 0) {
        return {"privileges", CheckStatus::ok,
                fmt::format("user {}, sudo without a password", world.effective_uid),
                "only the tracing helper is started through sudo", ""};
    }
    return {
        "privileges", CheckStatus::error,
        fmt::format("user {}, and sudo asks for a password or is not there", world.effective_uid),
        "the kernel lets only a privileged process place probes",
        "run sudo leakcheck (the command still runs as you), or allow sudo without a password"};
}

std::string container_kind(const DoctorWorld& world) {
    if (world.read_file("/run/.containerenv")) return "podman";
    if (world.read_file("/.dockerenv")) return "docker";
    std::istringstream variables(world.read_file("/proc/1/environ").value_or(""));
    constexpr std::string_view prefix = "container=";
    for (std::string variable; std::getline(variables, variable, '\0');) {
        if (variable.starts_with(prefix)) return variable.substr(prefix.size());
    }
    return {};
}

}  // namespace

std::string capabilities_text(const DoctorWorld& world) {
    const auto held = effective_capabilities(world);
    if (!held) return "cannot be read";
    const std::string names = useful_names(*held, true);
    return fmt::format("{} (effective set {:016x})",
                       names.empty() ? "none that tracing uses" : names, *held);
}

CheckResult check_privileges(const DoctorWorld& world) {
    const auto held = effective_capabilities(world);
    if (!held) {
        return {"privileges", CheckStatus::error, "the capabilities of this process cannot be read",
                "/proc/self/status holds them", "mount /proc"};
    }
    // CAP_SYS_ADMIN includes the other two, and current kernels want it for a uprobe by
    // perf_event_open.
    const bool enough = is_held(*held, CAP_SYS_ADMIN);
    if (!enough && world.effective_uid != 0) return unprivileged_user(world);
    if (!enough) {
        return {"privileges", CheckStatus::error, "root without " + useful_names(*held, false),
                "the kernel will not let this process place probes",
                "start the container with --privileged, or with --cap-add SYS_ADMIN"};
    }
    if (in_user_namespace(world)) {
        return {"privileges", CheckStatus::error, "privileged only inside a user namespace",
                "capabilities there do not allow tracing",
                "run outside the namespace, or in a container that is not rootless"};
    }
    return {"privileges", CheckStatus::ok, "CAP_SYS_ADMIN is there", "", ""};
}

CheckResult check_container(const DoctorWorld& world, Privileged privileged) {
    const std::string kind = container_kind(world);
    if (kind.empty()) return {"container", CheckStatus::ok, "no sign of one", "", ""};
    if (privileged == Privileged::yes)
        return {"container", CheckStatus::ok, kind, "it has the privileges needed", ""};
    return {"container", CheckStatus::warning, kind,
            "containers get no BPF unless they are told to", "start it with --privileged"};
}

}  // namespace leakcheck
