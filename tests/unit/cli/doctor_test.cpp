// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/doctor.hpp"

#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include <nlohmann/json.hpp>

#include "tests/unit/cli/test_world.hpp"

namespace leakcheck {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// A machine on which all is well, to be spoilt by each test.
class FakeMachine {
  public:
    std::map<std::string, std::string> files{
        {"/proc/sys/kernel/osrelease", "6.8.0-45-generic\n"},
        {"/sys/kernel/btf/vmlinux", "\x9f\xeb"},
        {"/proc/self/status",
         "Name:\tleakcheck\nCapInh:\t0000000000000000\nCapEff:\t000001ffffffffff\n"},
        {"/proc/self/uid_map", "         0          0 4294967295\n"},
        {"/proc/self/limits",
         "Limit                     Soft Limit           Hard Limit           Units     \n"
         "Max locked memory         65536                65536                bytes     \n"},
        {"/sys/bus/event_source/devices/uprobe/type", "8\n"},
        {"/proc/sys/kernel/perf_event_paranoid", "4\n"},
        {"/proc/sys/kernel/unprivileged_bpf_disabled", "2\n"},
        {"/sys/kernel/security/lockdown", "[none] integrity confidentiality\n"},
        {"/usr/lib/sampler.so",
         "\x7f"
         "ELF..."}};
    uid_t user = 0;
    int sudo_status = 1;
    DirectoryFacts temporary{true, true, true};
    std::vector<std::vector<std::string>> commands_run;

    DoctorWorld world() {
        return {[this](const std::string& path) -> std::optional<std::string> {
                    const auto found = files.find(path);
                    if (found == files.end()) return std::nullopt;
                    return found->second;
                },
                [this](const std::vector<std::string>& command) {
                    commands_run.push_back(command);
                    return sudo_status;
                },
                [this](const std::string&) { return temporary; },
                user,
                "/tmp",
                "/usr/lib/sampler.so"};
    }

    void set_capabilities(const std::string& mask) {
        files["/proc/self/status"] = "CapEff:\t" + mask + "\n";
    }

    std::vector<CheckResult> checks() { return run_checks(world(), {}); }

    CheckResult check(const std::string& name) {
        for (const CheckResult& result : checks()) {
            if (result.name == name) return result;
        }
        return {};
    }

    std::string blocker() { return first_blocker(checks()).value_or("(none)"); }
};

TEST(Doctor, TellsFactsWithoutStartingAnything) {
    FakeMachine machine;
    machine.user = 1000;
    machine.set_capabilities("000000c000000000");
    EXPECT_EQ(machine_facts(machine.world()),
              "kernel: 6.8.0-45-generic\n"
              "btf: /sys/kernel/btf/vmlinux is there\n"
              "uprobes: event source of type 8\n"
              "stacks: followed by call frame information\n"
              "lockdown: none\n"
              "container: no sign of one\n"
              "sampler: /usr/lib/sampler.so\n"
              "capabilities: CAP_BPF, CAP_PERFMON (effective set 000000c000000000)\n");
    EXPECT_THAT(machine.commands_run, IsEmpty());
    machine.files.clear();
    EXPECT_THAT(machine_facts(machine.world()), HasSubstr("btf: /sys/kernel/btf/vmlinux is not"));
    EXPECT_THAT(machine_facts(machine.world()), HasSubstr("capabilities: cannot be read\n"));
    machine.set_capabilities("0");
    EXPECT_THAT(machine_facts(machine.world()), HasSubstr("none that tracing uses"));
}

TEST(Doctor, AllIsWell) {
    FakeMachine machine;
    std::vector<std::string> names;
    for (const CheckResult& result : machine.checks()) {
        EXPECT_EQ(result.status, CheckStatus::ok) << check_line(result);
        EXPECT_THAT(result.mend, IsEmpty());
        names.push_back(result.name);
    }
    EXPECT_THAT(names, ElementsAre("kernel", "btf", "privileges", "container", "uprobes", "stacks",
                                   "perf_event_paranoid", "unprivileged_bpf_disabled", "lockdown",
                                   "sampler", "temporary_directory"));
    EXPECT_EQ(machine.blocker(), "(none)");
    EXPECT_EQ(doctor_exit_status(machine.checks()), 0);
    EXPECT_THAT(machine.commands_run, IsEmpty()) << "root needs no sudo";
}

TEST(Doctor, KernelVersions) {
    const std::vector<std::pair<std::string, CheckStatus>> cases{
        {"5.15.0", CheckStatus::ok},
        {"5.15", CheckStatus::ok},
        {"5.100.1-x", CheckStatus::ok},
        {"6.18.44-fc-v657", CheckStatus::ok},
        {"10.0", CheckStatus::ok},
        {"5.14.99", CheckStatus::error},
        {"4.18.0", CheckStatus::error},
        {"5.9.1", CheckStatus::error},
        {"", CheckStatus::error},
        {"5", CheckStatus::error},
        {"5.", CheckStatus::error},
        {"x.y", CheckStatus::error},
        {"99999999999999999999.1", CheckStatus::error}};
    for (const auto& [release, status] : cases) {
        FakeMachine machine;
        machine.files["/proc/sys/kernel/osrelease"] = release + "\n";
        EXPECT_EQ(machine.check("kernel").status, status) << release;
    }
}

TEST(Doctor, SaysHowStacksAreFollowed) {
    FakeMachine machine;
    machine.files["/proc/sys/kernel/osrelease"] = "5.15.0-101-generic\n";
    EXPECT_EQ(machine.check("stacks").status, CheckStatus::warning);
    EXPECT_EQ(machine.check("stacks").finding, "followed by frame pointers alone");
    EXPECT_EQ(doctor_exit_status(machine.checks()), 0);
    machine.files["/proc/sys/kernel/osrelease"] = "5.17.0\n";
    EXPECT_EQ(machine.check("stacks").status, CheckStatus::ok);
}

TEST(Doctor, LockedMemoryOnlyOnOldKernels) {
    FakeMachine machine;
    machine.files["/proc/sys/kernel/osrelease"] = "5.10.0-30-amd64\n";
    EXPECT_EQ(machine.check("locked_memory").status, CheckStatus::warning);
    EXPECT_EQ(machine.check("locked_memory").finding, "65536 bytes");
    machine.files["/proc/self/limits"] =
        "Max locked memory         unlimited            unlimited            bytes\n";
    EXPECT_EQ(machine.check("locked_memory").status, CheckStatus::ok);
    machine.files.erase("/proc/self/limits");
    EXPECT_EQ(machine.check("locked_memory").finding, "unknown bytes");
}

struct Missing {
    const char* file;
    const char* check;
};

TEST(Doctor, WhatIsMissingBlocks) {
    for (const Missing& missing :
         {Missing{"/sys/kernel/btf/vmlinux", "btf"},
          Missing{"/sys/bus/event_source/devices/uprobe/type", "uprobes"},
          Missing{"/usr/lib/sampler.so", "sampler"}, Missing{"/proc/self/status", "privileges"},
          Missing{"/proc/sys/kernel/osrelease", "kernel"}}) {
        FakeMachine machine;
        machine.files.erase(missing.file);
        EXPECT_EQ(machine.check(missing.check).status, CheckStatus::error);
        EXPECT_THAT(machine.check(missing.check).mend, Not(IsEmpty()));
        EXPECT_THAT(machine.blocker(), HasSubstr(std::string("[error] ") + missing.check + ": "));
        EXPECT_EQ(doctor_exit_status(machine.checks()), 125);
    }
}

TEST(Doctor, WhatIsOnlyTellingDoesNotBlock) {
    FakeMachine machine;
    machine.files.erase("/proc/sys/kernel/perf_event_paranoid");
    machine.files.erase("/proc/sys/kernel/unprivileged_bpf_disabled");
    machine.files.erase("/sys/kernel/security/lockdown");
    machine.files.erase("/proc/self/uid_map");
    EXPECT_EQ(machine.blocker(), "(none)");
}

TEST(Doctor, RootWithoutCapabilities) {
    FakeMachine machine;
    machine.set_capabilities("00000000a80425fb");  // a container's usual set
    EXPECT_EQ(machine.blocker(),
              "[error] privileges: root without CAP_SYS_ADMIN, CAP_BPF, CAP_PERFMON; the kernel "
              "will not let this process place probes; start the container with --privileged, "
              "or with --cap-add SYS_ADMIN");
    machine.set_capabilities("000000c000000000");
    EXPECT_THAT(machine.blocker(), HasSubstr("root without CAP_SYS_ADMIN;"));
    machine.set_capabilities("0000000000200000");
    EXPECT_EQ(machine.blocker(), "(none)") << "CAP_SYS_ADMIN includes the others";
}

TEST(Doctor, BadCapabilities) {
    for (const char* bad : {"", "x", "12 34", "fffffffffffffffff"}) {
        FakeMachine machine;
        machine.set_capabilities(bad);
        EXPECT_THAT(machine.blocker(), HasSubstr("capabilities of this process cannot be read"))
            << bad;
    }
}

TEST(Doctor, AUserWithSudo) {
    FakeMachine machine;
    machine.user = 1000;
    machine.set_capabilities("0000000000000000");
    machine.sudo_status = 0;
    EXPECT_EQ(machine.check("privileges").status, CheckStatus::ok);
    EXPECT_EQ(machine.commands_run.front(), (std::vector<std::string>{"sudo", "-n", "true"}));
    EXPECT_EQ(machine.blocker(), "(none)");
}

TEST(Doctor, AUserWithoutSudo) {
    for (const int status : {1, 127, 137}) {
        FakeMachine machine;
        machine.user = 1000;
        machine.set_capabilities("0000000000000000");
        machine.sudo_status = status;
        EXPECT_THAT(machine.blocker(),
                    HasSubstr("[error] privileges: user 1000, and sudo asks for a password"));
        EXPECT_EQ(machine.check("perf_event_paranoid").status, CheckStatus::warning);
    }
}

TEST(Doctor, AUserWithTheCapability) {
    FakeMachine machine;
    machine.user = 1000;
    EXPECT_EQ(machine.check("privileges").status, CheckStatus::ok);
    EXPECT_THAT(machine.commands_run, IsEmpty());
}

TEST(Doctor, RootOfAUserNamespaceIsNoRoot) {
    FakeMachine machine;
    machine.files["/proc/self/uid_map"] = "         0       1000          1\n";
    EXPECT_THAT(machine.blocker(), HasSubstr("privileged only inside a user namespace"));
}

TEST(Doctor, Containers) {
    const std::vector<std::pair<std::string, std::pair<std::string, std::string>>> kinds{
        {"docker", {"/.dockerenv", ""}},
        {"podman", {"/run/.containerenv", "engine=podman"}},
        {"lxc", {"/proc/1/environ", std::string("A=b\0container=lxc\0C=d", 21)}}};
    for (const auto& [kind, file] : kinds) {
        FakeMachine machine;
        machine.files[file.first] = file.second;
        EXPECT_EQ(machine.check("container").finding, kind);
        EXPECT_EQ(machine.check("container").status, CheckStatus::ok);
        machine.set_capabilities("0000000000000000");
        EXPECT_EQ(machine.check("container").status, CheckStatus::warning);
        EXPECT_THAT(machine.check("container").mend, HasSubstr("--privileged"));
    }
    FakeMachine bare;
    bare.files["/proc/1/environ"] = std::string("X=container=no\0", 15);
    EXPECT_EQ(bare.check("container").finding, "no sign of one");
}

TEST(Doctor, Lockdown) {
    FakeMachine machine;
    machine.files["/sys/kernel/security/lockdown"] = "none [integrity] confidentiality\n";
    EXPECT_EQ(machine.check("lockdown").finding, "integrity");
    EXPECT_EQ(machine.check("lockdown").status, CheckStatus::ok);
    machine.files["/sys/kernel/security/lockdown"] = "none integrity [confidentiality]\n";
    EXPECT_THAT(machine.blocker(), HasSubstr("[error] lockdown: confidentiality; "));
}

TEST(Doctor, TheSamplerMustBeALibrary) {
    FakeMachine machine;
    machine.files["/usr/lib/sampler.so"] = "#!/bin/sh\n";
    EXPECT_THAT(machine.blocker(), HasSubstr("/usr/lib/sampler.so is not a library"));
}

TEST(Doctor, TheTemporaryFolder) {
    FakeMachine machine;
    machine.temporary = {true, true, false};
    EXPECT_THAT(machine.blocker(), HasSubstr("/tmp is mounted noexec"));
    machine.temporary = {true, false, true};
    EXPECT_THAT(machine.blocker(), HasSubstr("/tmp cannot be written"));
    machine.temporary = {};
    EXPECT_THAT(machine.blocker(), HasSubstr("/tmp is not a directory"));
}

TEST(Doctor, BpfIsTriedLastAndOnlyWhenAllElseIsWell) {
    FakeMachine machine;
    int tries = 0;
    const TryBpfFn refused = [&tries] {
        ++tries;
        return CheckResult{"bpf", CheckStatus::error, "refused", "why", "mend"};
    };
    EXPECT_EQ(first_blocker(run_checks(machine.world(), refused)),
              "[error] bpf: refused; why; mend");
    EXPECT_EQ(tries, 1);
    machine.files.erase("/sys/kernel/btf/vmlinux");
    const auto checks = run_checks(machine.world(), refused);
    EXPECT_EQ(tries, 1);
    EXPECT_EQ(checks.back().finding, "not tried");
    EXPECT_THAT(first_blocker(checks).value_or(""), HasSubstr("btf"));
}

TEST(Doctor, TheBlockerIsALineOfTheText) {
    FakeMachine machine;
    machine.files.erase("/sys/kernel/btf/vmlinux");
    machine.temporary = {};
    const auto checks = machine.checks();
    EXPECT_THAT("\n" + doctor_text(checks),
                HasSubstr("\n" + first_blocker(checks).value_or("?") + "\n"));
    EXPECT_TRUE(doctor_text(checks).ends_with("leakcheck cannot trace here: 2 to mend\n"));
    EXPECT_TRUE(doctor_text(FakeMachine().checks()).ends_with("leakcheck can trace here\n"));
}

TEST(Doctor, Json) {
    FakeMachine machine;
    machine.files["/proc/sys/kernel/perf_event_paranoid"] = "\xff\x01";  // must not break the JSON
    machine.temporary = {true, true, false};
    const auto checks = machine.checks();
    const auto json = nlohmann::json::parse(doctor_json(checks));
    EXPECT_EQ(json["schema_version"], 1);
    EXPECT_EQ(json["ready"], false);
    EXPECT_EQ(json["blocker"], *first_blocker(checks));
    ASSERT_EQ(json["checks"].size(), checks.size());
    EXPECT_EQ(json["checks"][0]["name"], "kernel");
    EXPECT_EQ(json["checks"][0]["status"], "ok");
    for (std::size_t i = 0; i < checks.size(); ++i) {
        EXPECT_EQ(json["checks"][i]["name"], checks[i].name);
        EXPECT_EQ(json["checks"][i]["status"] == "error", checks[i].status == CheckStatus::error);
    }
    EXPECT_TRUE(nlohmann::json::parse(doctor_json(FakeMachine().checks()))["blocker"].is_null());
}

class DoctorOnThisMachine : public FolderTest {};

TEST_F(DoctorOnThisMachine, ReadsRunsAndLooks) {
    const DoctorWorld world = real_doctor_world("/nowhere/sampler.so", folder_);
    EXPECT_EQ(world.effective_uid, geteuid());
    EXPECT_TRUE(world.read_file("/proc/sys/kernel/osrelease").has_value());
    EXPECT_FALSE(world.read_file("/nowhere").has_value());
    EXPECT_FALSE(world.read_file("/").has_value());
    EXPECT_EQ(world.run({"true"}), 0);
    EXPECT_EQ(world.run({"sh", "-c", "echo never seen; exit 3"}), 3);
    EXPECT_EQ(world.run({"sh", "-c", "kill -9 $$"}), 137);
    EXPECT_EQ(world.run({"/nowhere/program"}), 127);
    EXPECT_TRUE(world.directory(folder_).exists);
    EXPECT_TRUE(world.directory(folder_).writable);
    EXPECT_FALSE(world.directory("/proc/self/status").exists);
}

// Status of a child that looks at a folder mounted noexec: 0 it saw so, 1 it did not, 2 it may not
// mount.
int look_at_noexec_mount(const std::filesystem::path& folder) {
    const pid_t child = fork();
    if (child == 0) {
        if (unshare(CLONE_NEWNS) != 0) _exit(2);
        if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) _exit(2);
        if (mount("none", folder.c_str(), "tmpfs", MS_NOEXEC, nullptr) != 0) _exit(2);
        const DirectoryFacts facts = real_doctor_world("", folder).directory(folder);
        _exit(facts.exists && facts.writable && !facts.executable ? 0 : 1);
    }
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(DoctorOnThisMachine, SeesANoexecMount) {
    const int status = look_at_noexec_mount(folder_);
    if (status == 2) GTEST_SKIP() << "needs the right to mount";
    EXPECT_EQ(status, 0);
}

TEST_F(DoctorOnThisMachine, ReadsAtMostOneMebibyte) {
    write_text(folder_ / "large", std::string(std::size_t{2} << 20, 'x'));
    EXPECT_EQ(real_doctor_world("", folder_).read_file(folder_ / "large")->size(),
              std::size_t{1} << 20);
}

}  // namespace
}  // namespace leakcheck
