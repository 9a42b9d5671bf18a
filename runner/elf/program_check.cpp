// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/program_check.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include "runner/elf/elf_file.hpp"
#include "runner/elf/privileges.hpp"
#include "runner/elf/program_path.hpp"
#include "runner/elf/program_traits.hpp"

namespace leakcheck {
namespace {

constexpr int kMaxInterpreters = 5;       // scripts that interpret scripts, as in the kernel
constexpr std::size_t kFirstBytes = 256;  // what the kernel reads of a #! line
constexpr std::string_view kBlanks = " \t";

class Checker {
  public:
    Checker(ProgramCheck resolved, std::optional<ProgramUser> user)
        : check_(std::move(resolved)), user_(std::move(user)) {}

    ProgramCheck run() {
        if (check_.problem == ProgramProblem::none) check_file(check_.path, 0);
        return std::move(check_);
    }

  private:
    void check_file(const std::filesystem::path& file, int depth);
    void check_script(const std::filesystem::path& file, const std::string& start, int depth);
    void check_elf(const std::filesystem::path& file);
    void check_machine(const elf::ElfFile& program, const std::string& name);
    void check_dynamic_linker(const elf::ElfFile& program, const std::string& name);
    void check_allocator(const elf::ElfFile& program, const std::string& name);
    void check_privileges(const std::filesystem::path& file);

    // The first problem stands.
    void refuse(ProgramProblem problem, std::string message) {
        if (check_.problem != ProgramProblem::none) return;
        check_.problem = problem;
        check_.message = std::move(message);
    }
    bool refused() const { return check_.problem != ProgramProblem::none; }

    ProgramCheck check_;
    std::optional<ProgramUser> user_;
};

// The beginning of a file; nullopt when it cannot be read.
std::optional<std::string> first_bytes(const std::filesystem::path& file) {
    std::string error;
    const UniqueFd descriptor = elf::open_regular_file(file, error);
    if (!descriptor) return std::nullopt;
    std::array<char, kFirstBytes> buffer{};
    const ssize_t size = pread(descriptor.get(), buffer.data(), buffer.size(), 0);
    if (size < 0) return std::nullopt;
    return std::string(buffer.data(), static_cast<std::size_t>(size));
}

// The interpreter of a #! line; empty where the kernel sees none and execvp falls back to the
// shell.
std::string interpreter_of(const std::string& start) {
    if (!start.starts_with("#!")) return {};
    const std::string line = start.substr(2, start.find('\n') - 2);
    const std::size_t begin = line.find_first_not_of(kBlanks);
    if (begin == std::string::npos) return {};
    return line.substr(begin, line.find_first_of(kBlanks, begin) - begin);
}

// A shell refuses what has a NUL byte in its first line.
bool looks_like_text(const std::string& start) {
    return start.substr(0, start.find('\n')).find('\0') == std::string::npos;
}

std::string machine_name(const GElf_Ehdr& header) {
    switch (header.e_machine) {
        case EM_386:
            return "32-bit x86";
        case EM_X86_64:
            return "x32";
        case EM_AARCH64:
            return "AArch64";
        default:
            return fmt::format("machine {}", header.e_machine);
    }
}

void Checker::check_file(const std::filesystem::path& file, int depth) {
    const std::optional<std::string> start = first_bytes(file);
    if (!start || !elf::has_access(file, elf::Access::read, user_)) {
        refuse(
            ProgramProblem::unreadable,
            fmt::format("'{}' may be executed but not read, so nothing can be told of it; make it "
                        "readable (chmod +r)",
                        file.string()));
    } else if (start->starts_with(std::string_view(ELFMAG, SELFMAG))) {
        check_elf(file);
    } else if (looks_like_text(*start)) {
        check_script(file, *start, depth);
    } else {
        refuse(ProgramProblem::not_executable,
               fmt::format("'{}' is neither an ELF program nor a script; name a program",
                           file.string()));
    }
}

void Checker::check_script(const std::filesystem::path& file, const std::string& start, int depth) {
    check_.is_script = true;
    if (depth >= kMaxInterpreters) {
        refuse(ProgramProblem::not_executable,
               fmt::format("'{}' is a script whose interpreters are scripts, too many deep; name a "
                           "program in its #! line",
                           file.string()));
        return;
    }
    const std::string named = interpreter_of(start);
    const std::string interpreter = named.empty() ? "/bin/sh" : named;
    const ProgramCheck found = elf::check_executable(interpreter, user_);
    if (found.problem != ProgramProblem::none) {
        refuse(found.problem, fmt::format("the interpreter of script '{}' cannot be run: {}",
                                          file.string(), found.message));
        return;
    }
    check_file(interpreter, depth + 1);
}

void Checker::check_elf(const std::filesystem::path& file) {
    const std::string name = file.string();
    std::string error;
    const std::unique_ptr<elf::ElfFile> program = elf::ElfFile::open(file, error);
    const bool is_program =
        program && (program->header().e_type == ET_EXEC || program->header().e_type == ET_DYN);
    if (!is_program || program->segments().empty()) {
        refuse(ProgramProblem::not_executable,
               fmt::format("'{}' is an ELF file but not a program{}; build or copy it again", name,
                           program ? "" : " (it is cut short or broken)"));
        return;
    }
    check_machine(*program, name);
    if (!refused()) check_dynamic_linker(*program, name);
    if (!refused()) check_privileges(file);
    if (!refused()) check_allocator(*program, name);
}

void Checker::check_machine(const elf::ElfFile& program, const std::string& name) {
    const GElf_Ehdr& header = program.header();
    const bool supported = header.e_machine == EM_X86_64 &&
                           header.e_ident[EI_CLASS] == ELFCLASS64 &&
                           header.e_ident[EI_DATA] == ELFDATA2LSB;
    if (supported) return;
    refuse(
        ProgramProblem::other_machine,
        fmt::format("'{}' is built for {}; leakcheck traces 64-bit x86 programs only: build it for "
                    "x86-64",
                    name, machine_name(header)));
}

void Checker::check_dynamic_linker(const elf::ElfFile& program, const std::string& name) {
    const std::string linker = program.interpreter();
    if (linker.empty()) {
        if (elf::is_dynamic_linker(program)) return;
        refuse(
            ProgramProblem::static_program,
            fmt::format("'{}' is statically linked, so nothing can be preloaded into it; link it "
                        "dynamically (without -static or -static-pie)",
                        name));
        return;
    }
    const ProgramCheck found = elf::check_executable(linker, user_);
    if (found.problem != ProgramProblem::none) {
        refuse(found.problem,
               fmt::format("the dynamic linker of '{}' cannot be run: {}", name, found.message));
    } else if (elf::uses_other_libc(program)) {
        refuse(
            ProgramProblem::other_libc,
            fmt::format("'{}' is linked with another C library than glibc (its dynamic linker is "
                        "'{}'); build it for glibc",
                        name, linker));
    }
}

void Checker::check_privileges(const std::filesystem::path& file) {
    const std::string privilege = elf::privilege_of(file, elf::user_or_caller(user_));
    if (privilege.empty()) return;
    refuse(ProgramProblem::privileged,
           fmt::format(
               "'{}' is privileged ({}), so the dynamic linker ignores LD_PRELOAD in it; test a "
               "copy without (cp drops them)",
               file.string(), privilege));
}

void Checker::check_allocator(const elf::ElfFile& program, const std::string& name) {
    const std::string sanitizer = elf::allocating_sanitizer(program);
    if (!sanitizer.empty()) {
        refuse(ProgramProblem::sanitizer,
               fmt::format(
                   "'{}' is built with {}, which replaces the allocator itself; build it without "
                   "that sanitizer, or use the sanitizer's own leak check",
                   name, sanitizer));
    } else if (elf::exports_malloc(program)) {
        refuse(
            ProgramProblem::own_allocator,
            fmt::format("'{}' defines malloc itself, in front of any preloaded library; link its "
                        "allocator as a shared library",
                        name));
    }
}

}  // namespace

ProgramCheck check_program(const std::string& command, const std::string& search_path,
                           const std::optional<ProgramUser>& user) {
    return Checker(elf::resolve_program(command, search_path, user), user).run();
}

}  // namespace leakcheck
