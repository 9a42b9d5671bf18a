// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/doctor_checks.hpp"

#include <fmt/core.h>

#include <charconv>
#include <sstream>
#include <string_view>
#include <utility>

#include "runner/cli/values.hpp"

namespace leakcheck {
namespace {

using KernelVersion = std::pair<unsigned, unsigned>;  // major, minor

constexpr KernelVersion oldest_kernel{5, 15};
constexpr KernelVersion first_without_memlock{5, 11};
constexpr KernelVersion first_with_table_walk{5, 17};  // has bpf_loop

std::string first_line(const std::optional<std::string>& text) {
    if (!text) return {};
    return text->substr(0, text->find('\n'));
}

std::string release(const DoctorWorld& world) {
    return first_line(world.read_file("/proc/sys/kernel/osrelease"));
}

// "6.8.0-45-generic"
std::optional<KernelVersion> parse_release(const std::string& text) {
    KernelVersion version;
    const char* end = text.data() + text.size();
    const auto [dot, error] = std::from_chars(text.data(), end, version.first);
    if (error != std::errc{} || dot == end || *dot != '.') return std::nullopt;
    if (std::from_chars(dot + 1, end, version.second).ec != std::errc{}) return std::nullopt;
    return version;
}

}  // namespace

CheckResult check_kernel(const DoctorWorld& world) {
    const std::string text = release(world);
    const auto version = parse_release(text);
    if (!version) {
        return {"kernel", CheckStatus::error, "its version cannot be read",
                "/proc/sys/kernel/osrelease says which features there are", "mount /proc"};
    }
    if (*version >= oldest_kernel) return {"kernel", CheckStatus::ok, text, "", ""};
    return {"kernel", CheckStatus::error, text + " is too old",
            "leakcheck's BPF programs need 5.15 or later", "run on a newer kernel"};
}

CheckResult check_stacks(const DoctorWorld& world) {
    const auto version = parse_release(release(world));
    if (version && *version >= first_with_table_walk)
        return {"stacks", CheckStatus::ok, "followed by call frame information", "", ""};
    return {"stacks", CheckStatus::warning, "followed by frame pointers alone",
            "the walk by call frame information needs a kernel of 5.17 or later; callers in code "
            "without frame pointers are missing, and such stacks are marked",
            "run on a newer kernel, or build with -fno-omit-frame-pointer"};
}

CheckResult check_btf(const DoctorWorld& world) {
    if (world.read_file("/sys/kernel/btf/vmlinux")) {
        return {"btf", CheckStatus::ok, "/sys/kernel/btf/vmlinux is there", "", ""};
    }
    return {"btf", CheckStatus::error, "/sys/kernel/btf/vmlinux is not there or cannot be read",
            "without the kernel's type information its BPF programs cannot be fitted to it",
            "use a kernel with CONFIG_DEBUG_INFO_BTF=y; in a container, mount /sys"};
}

CheckResult check_uprobes(const DoctorWorld& world) {
    const std::string type =
        first_line(world.read_file("/sys/bus/event_source/devices/uprobe/type"));
    if (parse_number(type))
        return {"uprobes", CheckStatus::ok, "event source of type " + type, "", ""};
    return {"uprobes", CheckStatus::error, "/sys/bus/event_source/devices/uprobe is not there",
            "without it no probe can be placed in a program",
            "use a kernel with CONFIG_UPROBE_EVENTS=y; in a container, mount /sys"};
}

CheckResult check_perf_event_paranoid(const DoctorWorld& world, Privileged privileged) {
    const std::string value = first_line(world.read_file("/proc/sys/kernel/perf_event_paranoid"));
    const std::string finding = value.empty() ? "cannot be read" : value;
    if (privileged == Privileged::yes) {
        return {"perf_event_paranoid", CheckStatus::ok, finding,
                "does not bind a privileged process", ""};
    }
    return {"perf_event_paranoid", CheckStatus::warning, finding,
            "at 2 and above it binds users without privileges",
            "mend the privileges first; this needs no change then"};
}

CheckResult check_unprivileged_bpf(const DoctorWorld& world) {
    const std::string value =
        first_line(world.read_file("/proc/sys/kernel/unprivileged_bpf_disabled"));
    return {"unprivileged_bpf_disabled", CheckStatus::ok, value.empty() ? "not there" : value,
            "of no effect: leakcheck loads BPF with privileges only", ""};
}

CheckResult check_lockdown(const DoctorWorld& world) {
    const auto text = world.read_file("/sys/kernel/security/lockdown");
    if (!text)
        return {"lockdown", CheckStatus::ok, "not in use, or not to be seen from here", "", ""};
    if (text->find("[confidentiality]") != std::string::npos) {
        return {"lockdown", CheckStatus::error, "confidentiality",
                "the kernel forbids BPF to read memory", "boot without lockdown=confidentiality"};
    }
    const bool integrity = text->find("[integrity]") != std::string::npos;
    return {"lockdown", CheckStatus::ok, integrity ? "integrity" : "none", "", ""};
}

CheckResult check_sampler(const DoctorWorld& world) {
    const auto text = world.read_file(world.sampler_path);
    if (text && text->starts_with("\x7f"
                                  "ELF")) {
        return {"sampler", CheckStatus::ok, world.sampler_path, "", ""};
    }
    return {"sampler", CheckStatus::error,
            fmt::format("{} {}", world.sampler_path,
                        text ? "is not a library" : "is not there or cannot be read"),
            "it is preloaded into the program under test", "install leakcheck again"};
}

CheckResult check_temporary_directory(const DoctorWorld& world) {
    const std::string& path = world.temporary_directory;
    const DirectoryFacts facts = world.directory(path);
    const std::string meaning = "each run keeps its copy of the sampler there";
    const std::string mend =
        "set TMPDIR to a directory that you may write to and run programs from";
    if (!facts.exists) {
        return {"temporary_directory", CheckStatus::error, path + " is not a directory", meaning,
                mend};
    }
    if (!facts.writable) {
        return {"temporary_directory", CheckStatus::error, path + " cannot be written", meaning,
                mend};
    }
    if (!facts.executable) {
        return {"temporary_directory", CheckStatus::error, path + " is mounted noexec", meaning,
                mend};
    }
    return {"temporary_directory", CheckStatus::ok, path, "", ""};
}

std::optional<CheckResult> check_locked_memory(const DoctorWorld& world) {
    const auto version = parse_release(release(world));
    if (!version || *version >= first_without_memlock) return std::nullopt;
    std::istringstream lines(world.read_file("/proc/self/limits").value_or(""));
    constexpr std::string_view prefix = "Max locked memory";
    std::string soft = "unknown";
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(prefix)) std::istringstream(line.substr(prefix.size())) >> soft;
    }
    if (soft == "unlimited") return CheckResult{"locked_memory", CheckStatus::ok, soft, "", ""};
    return CheckResult{"locked_memory", CheckStatus::warning, soft + " bytes",
                       "before kernel 5.11, BPF maps count against this limit",
                       "ulimit -l unlimited"};
}

}  // namespace leakcheck
