// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/program_check.hpp"

#include <elf.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>

#include "tests/unit/elf/fixtures.hpp"

namespace leakcheck {
namespace {

using test::fixture;

// A one-line message that names the file and says more than its name.
void expect_problem(const ProgramCheck& check, ProgramProblem problem, const std::string& named,
                    const std::string& text) {
    EXPECT_EQ(check.problem, problem) << check.message;
    EXPECT_NE(check.message.find(named), std::string::npos) << check.message;
    EXPECT_NE(check.message.find(text), std::string::npos) << check.message;
    EXPECT_EQ(check.message.find('\n'), std::string::npos) << check.message;
}

void expect_problem(const std::filesystem::path& program, ProgramProblem problem,
                    const std::string& text) {
    expect_problem(check_program(program, ""), problem, program, text);
}

void expect_traceable(const std::filesystem::path& program) {
    const ProgramCheck check = check_program(program, "");
    EXPECT_EQ(check.problem, ProgramProblem::none) << check.message;
    EXPECT_EQ(check.message, "");
    EXPECT_EQ(check.path, program);
}

class ProgramCheckFiles : public testing::Test {
  protected:
    std::filesystem::path executable(const std::string& name, const std::string& contents) {
        const auto file = directory_.write(name, contents);
        std::filesystem::permissions(file, std::filesystem::perms{0755});
        return file;
    }

    test::TemporaryDirectory directory_;
};

TEST(ProgramCheck, OrdinaryProgramsCanBeTraced) {
    expect_traceable(fixture("program_plain"));
    expect_traceable(fixture("program_fixed"));
    expect_traceable("/bin/sh");
    expect_traceable("/bin/true");
}

TEST(ProgramCheck, TheDynamicLinkerLoadsThePreloadedLibraryItself) {
    const char* linker = "/lib64/ld-linux-x86-64.so.2";
    if (!std::filesystem::exists(linker)) GTEST_SKIP() << linker << " is not here";
    expect_traceable(linker);
}

TEST_F(ProgramCheckFiles, CommandsAreFoundInThePath) {
    const auto program = executable("tool", test::read_file(fixture("program_plain")));
    const std::string path = "/nonexistent:" + directory_.path().string();
    const ProgramCheck check = check_program("tool", path);
    EXPECT_EQ(check.problem, ProgramProblem::none) << check.message;
    EXPECT_EQ(check.path, program);
}

TEST_F(ProgramCheckFiles, TheSearchGoesOnAfterAFileThatMayNotRun) {
    const test::TemporaryDirectory first;
    first.write("tool", "x");  // not executable
    const auto program = executable("tool", test::read_file(fixture("program_plain")));
    const std::string both = first.path().string() + ":" + directory_.path().string();
    EXPECT_EQ(check_program("tool", both).path, program);
    expect_problem(check_program("tool", first.path().string() + ":/nonexistent"),
                   ProgramProblem::not_executable, (first.path() / "tool").string(), "chmod +x");
}

TEST_F(ProgramCheckFiles, AnEmptyElementOfThePathIsTheWorkingDirectory) {
    executable("tool", test::read_file(fixture("program_plain")));
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(directory_.path());
    EXPECT_EQ(check_program("tool", "/nonexistent:").problem, ProgramProblem::none);
    EXPECT_EQ(check_program("tool", ":/nonexistent").problem, ProgramProblem::none);
    EXPECT_EQ(check_program("tool", "/nonexistent").problem, ProgramProblem::not_found);
    std::filesystem::current_path(before);
}

TEST_F(ProgramCheckFiles, MissingCommandsAreNotFound) {
    expect_problem(check_program("no-such-command", "/usr/bin:/bin"), ProgramProblem::not_found,
                   "no-such-command", "PATH");
    expect_problem(check_program("", "/usr/bin"), ProgramProblem::not_found, "''", "empty");
    expect_problem(directory_.path() / "missing", ProgramProblem::not_found, "does not exist");
    const auto file = directory_.write("file", "x");
    expect_problem(file / "below", ProgramProblem::not_found, "does not exist");
}

TEST_F(ProgramCheckFiles, DirectoriesAndDevicesCannotRun) {
    expect_problem(directory_.path(), ProgramProblem::not_executable, "directory");
    expect_problem("/dev/null", ProgramProblem::not_executable, "regular file");
    std::filesystem::create_directory(directory_.path() / "tool");
    expect_problem(check_program("tool", directory_.path()), ProgramProblem::not_executable,
                   (directory_.path() / "tool").string(), "directory");
}

TEST_F(ProgramCheckFiles, FilesWithoutExecuteBitCannotRun) {
    const auto file = directory_.write("tool", test::read_file(fixture("program_plain")));
    expect_problem(file, ProgramProblem::not_executable, "chmod +x");
}

TEST_F(ProgramCheckFiles, FilesOfNoFormatCannotRun) {
    expect_problem(executable("binary", std::string("\x01\x02\x00\x03", 4)),
                   ProgramProblem::not_executable, "neither an ELF program nor a script");
    expect_problem(executable("cut",
                              "\x7f"
                              "ELF"),
                   ProgramProblem::not_executable, "cut short or broken");
    const std::string whole = test::read_file(fixture("program_plain"));
    expect_problem(executable("header", whole.substr(0, sizeof(Elf64_Ehdr))),
                   ProgramProblem::not_executable, "not a program");
}

TEST_F(ProgramCheckFiles, ScriptsAreCheckedByTheirInterpreter) {
    const auto script = executable("script", "#! /bin/sh -e\necho\n");
    const ProgramCheck check = check_program(script, "");
    EXPECT_EQ(check.problem, ProgramProblem::none) << check.message;
    EXPECT_TRUE(check.is_script);
    EXPECT_EQ(check.path, script);
    EXPECT_FALSE(check_program("/bin/sh", "").is_script);
}

TEST_F(ProgramCheckFiles, TextWithoutAnInterpreterIsRunByTheShell) {
    for (const char* text : {"echo\n", "", "#!\necho\n", "#!   \n", "#"}) {
        const ProgramCheck check = check_program(executable("script", text), "");
        EXPECT_EQ(check.problem, ProgramProblem::none) << check.message;
        EXPECT_TRUE(check.is_script);
    }
}

TEST_F(ProgramCheckFiles, ProblemsOfAnInterpreterAreThoseOfTheScript) {
    expect_problem(executable("lost", "#!/no/such/interpreter\n"), ProgramProblem::not_found,
                   "/no/such/interpreter");
    expect_problem(executable("folder", "#!/\n"), ProgramProblem::not_executable, "directory");
    if (std::filesystem::exists(fixture("program_static"))) {
        const ProgramCheck check =
            check_program(executable("static", "#!" + fixture("program_static").string()), "");
        expect_problem(check, ProgramProblem::static_program, fixture("program_static"),
                       "statically");
    }
}

TEST_F(ProgramCheckFiles, InterpretersMayBeScriptsToADegree) {
    const auto first = executable("first", "#!/bin/sh\n");
    const auto second = executable("second", "#!" + first.string() + "\n");
    EXPECT_EQ(check_program(second, "").problem, ProgramProblem::none);
    const auto circle = directory_.path() / "circle";
    executable("circle", "#!" + circle.string() + "\n");
    expect_problem(circle, ProgramProblem::not_executable, "too many deep");
}

TEST(ProgramCheck, StaticProgramsCannotBePreloaded) {
    SKIP_WITHOUT("program_static");
    expect_problem(fixture("program_static"), ProgramProblem::static_program, "dynamically");
}

TEST(ProgramCheck, StaticPositionIndependentProgramsNeither) {
    SKIP_WITHOUT("program_static_pie");
    expect_problem(fixture("program_static_pie"), ProgramProblem::static_program, "dynamically");
}

TEST(ProgramCheck, ProgramsOfAnotherCLibraryCannotBePreloaded) {
    expect_problem(fixture("program_musl"), ProgramProblem::other_libc, "ld-musl");
}

TEST(ProgramCheck, ProgramsWithoutTheirDynamicLinkerAreNotFound) {
    expect_problem(fixture("program_lost_linker"), ProgramProblem::not_found, "no-such-linker");
}

TEST(ProgramCheck, ProgramsWithTheirOwnAllocatorHideAPreloadedOne) {
    expect_problem(fixture("program_own_malloc"), ProgramProblem::own_allocator, "defines malloc");
}

TEST(ProgramCheck, SanitizersThatReplaceTheAllocatorAreRefused) {
    const std::pair<const char*, const char*> sanitizers[] = {
        {"program_address", "AddressSanitizer"},
        {"program_address_inside", "AddressSanitizer"},
        {"program_thread", "ThreadSanitizer"},
        {"program_leak", "LeakSanitizer"},
    };
    int checked = 0;
    for (const auto& [program, name] : sanitizers) {
        if (!std::filesystem::exists(fixture(program))) continue;
        expect_problem(fixture(program), ProgramProblem::sanitizer, name);
        ++checked;
    }
    if (checked == 0) GTEST_SKIP() << "no sanitizer can be linked here";
}

TEST(ProgramCheck, TheUndefinedBehaviourSanitizerIsFine) {
    SKIP_WITHOUT("program_undefined");
    expect_traceable(fixture("program_undefined"));
}

template <typename Field>
std::string with_header_field(std::string contents, std::size_t offset, Field value) {
    std::memcpy(contents.data() + offset, &value, sizeof(value));
    return contents;
}

TEST_F(ProgramCheckFiles, ProgramsForOtherMachinesAreRefused) {
    const std::string whole = test::read_file(fixture("program_plain"));
    const auto arm = executable(
        "arm", with_header_field(whole, offsetof(Elf64_Ehdr, e_machine), Elf64_Half{EM_AARCH64}));
    expect_problem(arm, ProgramProblem::other_machine, "AArch64");
    Elf32_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS32;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    header.e_type = ET_EXEC;
    header.e_machine = EM_386;
    header.e_version = EV_CURRENT;
    header.e_ehsize = sizeof(header);
    header.e_phoff = sizeof(header);
    header.e_phentsize = sizeof(Elf32_Phdr);
    header.e_phnum = 1;
    std::string small(reinterpret_cast<const char*>(&header), sizeof(header));
    small.append(sizeof(Elf32_Phdr), '\0');
    expect_problem(executable("small", small), ProgramProblem::other_machine, "32-bit x86");
}

TEST_F(ProgramCheckFiles, ObjectFilesAndCoresAreNoPrograms) {
    const std::string whole = test::read_file(fixture("program_plain"));
    for (const Elf64_Half type : {ET_REL, ET_CORE}) {
        const auto file =
            executable("object", with_header_field(whole, offsetof(Elf64_Ehdr, e_type), type));
        expect_problem(file, ProgramProblem::not_executable, "not a program");
    }
}

TEST_F(ProgramCheckFiles, SetuidProgramsArePrivilegedForOthersOnly) {
    const auto program = executable("setuid", test::read_file(fixture("program_plain")));
    ASSERT_EQ(chmod(program.c_str(), 04755), 0);
    EXPECT_EQ(check_program(program, "").problem, ProgramProblem::none);
    const ProgramUser other{getuid() + 4000, getgid(), {}};
    const ProgramCheck check = check_program(program, "", other);
    if (check.problem == ProgramProblem::none) GTEST_SKIP() << "setuid has no effect here";
    expect_problem(check, ProgramProblem::privileged, program, "LD_PRELOAD");
}

TEST_F(ProgramCheckFiles, FilesThatMayOnlyBeExecutedAreUnreadable) {
    const auto program = executable("closed", test::read_file(fixture("program_plain")));
    ASSERT_EQ(chmod(program.c_str(), 0711), 0);
    const ProgramUser other{getuid() + 4000, getgid() + 4000, {}};
    expect_problem(check_program(program, "", other), ProgramProblem::unreadable, program,
                   "chmod +r");
}

}  // namespace
}  // namespace leakcheck
