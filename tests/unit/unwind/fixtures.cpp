// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/unwind/fixtures.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <ostream>
#include <random>
#include <tuple>

namespace leakcheck::test {

std::filesystem::path fixture(const std::string& name) {
    return std::filesystem::path(LEAKCHECK_FIXTURE_DIR) / name;
}

std::string read_file(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

unwind::CodeTable table_of(const std::filesystem::path& file, unwind::RuleSet& rules,
                           const std::vector<std::filesystem::path>& debug_directories) {
    std::string error;
    const auto object = elf::ElfFile::open(file, error);
    if (!object) {
        ADD_FAILURE() << file << ": " << error;
        return {};
    }
    return unwind::read_code_table(*object, rules, {file, debug_directories});
}

leakcheck_unwind_rule rule_at(const unwind::CodeTable& table, const unwind::RuleSet& rules,
                              std::uint64_t address) {
    const auto after =
        std::ranges::upper_bound(table.rows, address - table.start, {}, &unwind::CodeRow::offset);
    if (after == table.rows.begin()) return {};
    return rules.rule(std::prev(after)->rule);
}

std::uint64_t address_of(const std::filesystem::path& file, const std::string& symbol) {
    std::string error;
    std::uint64_t found = 0;
    if (const auto object = elf::ElfFile::open(file, error)) {
        object->for_each_symbol(SHT_SYMTAB, [&](const char* name, const GElf_Sym& entry) {
            if (name == symbol) found = entry.st_value;
        });
    }
    EXPECT_NE(found, 0u) << symbol << " is not in " << file << error;
    return found;
}

std::string without_sections(std::string contents) {
    Elf64_Ehdr header;
    std::memcpy(&header, contents.data(), sizeof(header));
    header.e_shoff = 0;
    header.e_shnum = 0;
    header.e_shstrndx = 0;
    std::memcpy(contents.data(), &header, sizeof(header));
    return contents;
}

std::string vdso() {
    const auto address = static_cast<std::uintptr_t>(getauxval(AT_SYSINFO_EHDR));
    std::ifstream maps("/proc/self/maps");
    std::uintptr_t start = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    for (std::string rest; maps >> std::hex >> start >> dash >> end && std::getline(maps, rest);) {
        if (start == address) return {reinterpret_cast<const char*>(start), end - start};
    }
    return {};
}

std::uint64_t test_seed() {
    const char* given = getenv("LEAKCHECK_TEST_SEED");
    const std::uint64_t seed = given != nullptr ? std::stoull(given) : std::random_device{}();
    std::cout << "seed: " << seed << " (set LEAKCHECK_TEST_SEED to repeat)\n";
    return seed;
}

}  // namespace leakcheck::test

std::string to_text(const leakcheck_unwind_rule& rule) {
    static const char* const cfas[] = {"none",      "rsp", "rbp",    "rbx", "deref rsp",
                                       "deref rbp", "plt", "signal", "end", "unsupported"};
    static const char* const places[] = {"same", "at cfa", "at rbp", "unknown"};
    return std::string("cfa ") + cfas[rule.cfa] + " " + std::to_string(rule.cfa_offset) + " + " +
           std::to_string(rule.cfa_addend) + ", rbp " + places[rule.rbp] + " " +
           std::to_string(rule.rbp_offset) + ", rbx " + places[rule.rbx] + " " +
           std::to_string(rule.rbx_offset);
}

bool operator==(const leakcheck_unwind_rule& a, const leakcheck_unwind_rule& b) {
    const auto fields = [](const leakcheck_unwind_rule& rule) {
        return std::tie(rule.cfa, rule.rbp, rule.rbx, rule.cfa_addend, rule.cfa_offset,
                        rule.rbp_offset, rule.rbx_offset);
    };
    return fields(a) == fields(b);
}

std::ostream& operator<<(std::ostream& out, const leakcheck_unwind_rule& rule) {
    return out << to_text(rule);
}
