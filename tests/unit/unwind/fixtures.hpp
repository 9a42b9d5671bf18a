// SPDX-License-Identifier: Apache-2.0
//
// What the tests of this folder share: objects to read, and their tables.
#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "runner/elf/elf_file.hpp"
#include "runner/unwind/code_table.hpp"

namespace leakcheck::test {

std::filesystem::path fixture(const std::string& name);

// Skips the test where the file is not on this machine, or could not be built on it.
#define SKIP_WITHOUT_FILE(path)                            \
    if (!std::filesystem::exists(path)) {                  \
        GTEST_SKIP() << "not on this machine: " << (path); \
    }                                                      \
    static_assert(true)

std::string read_file(const std::filesystem::path& file);

// The table of a file that can be opened, or else fails the test.
unwind::CodeTable table_of(const std::filesystem::path& file, unwind::RuleSet& rules,
                           const std::vector<std::filesystem::path>& debug_directories = {});

// The rule that a table's rows give for a virtual address.
leakcheck_unwind_rule rule_at(const unwind::CodeTable& table, const unwind::RuleSet& rules,
                              std::uint64_t address);

// The virtual address of a symbol, or else fails the test.
std::uint64_t address_of(const std::filesystem::path& file, const std::string& symbol);

// The bytes of a file without its section headers.
std::string without_sections(std::string contents);

// The vDSO of this process.
std::string vdso();

// The seed of a randomised test: from LEAKCHECK_TEST_SEED or else new; printed.
std::uint64_t test_seed();

}  // namespace leakcheck::test

// Rules print and compare as text, so that a failing test says how they differ.
std::string to_text(const leakcheck_unwind_rule& rule);
bool operator==(const leakcheck_unwind_rule& a, const leakcheck_unwind_rule& b);
std::ostream& operator<<(std::ostream& out, const leakcheck_unwind_rule& rule);
