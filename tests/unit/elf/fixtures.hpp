// SPDX-License-Identifier: Apache-2.0
//
// What the tests of this folder share: the fixture programs, and a process that has one file
// mapped.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "runner/elf/elf_file.hpp"
#include "runner/elf/symbolizer.hpp"
#include "tests/support/temporary_directory.hpp"

namespace leakcheck::test {

std::filesystem::path fixture(const std::string& name);

// Skips the test where the fixture could not be built.
#define SKIP_WITHOUT(name)                                                           \
    if (!std::filesystem::exists(::leakcheck::test::fixture(name))) {                \
        GTEST_SKIP() << "the tools of this machine cannot build fixture " << (name); \
    }                                                                                \
    static_assert(true)

// What a command prints; fails the test unless it ends with status 0.
std::string output_of(const std::string& command);

// A line that a fixture program prints of itself (fixtures/note.hpp).
struct NotedCall {
    std::string name;
    std::uint64_t address = 0;             // return address, in the module's own address space
    std::array<std::uint32_t, 3> lines{};  // of the call and its callers, innermost first
};
std::vector<NotedCall> noted_calls(const std::filesystem::path& program);

std::string read_file(const std::filesystem::path& file);

// The seed of a randomised test: from LEAKCHECK_TEST_SEED or else new; printed.
std::uint64_t test_seed();

// One process with the whole of a file mapped.
class MappedFile {
  public:
    explicit MappedFile(const std::filesystem::path& file, SymbolizerOptions options = {});

    Symbolizer& symbolizer() { return symbolizer_; }
    // The frames of a return address in the file's own address space.
    std::vector<Frame> frames_at(std::uint64_t return_address);

  private:
    std::string error_;
    std::unique_ptr<elf::ElfFile> file_;  // null when it is no ELF file
    Symbolizer symbolizer_;
};

}  // namespace leakcheck::test
