// SPDX-License-Identifier: Apache-2.0
//
// Tables against libdw: the same rule at every place where a row begins or ends, and at random ones.
#include <gtest/gtest.h>
#include <link.h>

#include <chrono>
#include <iostream>
#include <random>

#include "tests/support/temporary_directory.hpp"
#include "tests/unit/unwind/expected_rule.hpp"
#include "tests/unit/unwind/fixtures.hpp"
#include "tests/unit/unwind/native_walk.hpp"

namespace leakcheck {
namespace {

namespace fs = std::filesystem;

constexpr int kRandomAddresses = 5000;
constexpr std::uint64_t kBias = 0x7f0000000000;

// What stacks through an object lose.
struct Weaknesses {
    std::uint64_t code = 0;         // bytes with call frame information
    std::uint64_t unsupported = 0;  // of them
    std::uint64_t unknown = 0;      // of them, where the place of rbp or rbx is not known
};

Weaknesses weaknesses_of(const unwind::CodeTable& table, const unwind::RuleSet& rules) {
    Weaknesses found;
    for (std::size_t i = 0; i + 1 < table.rows.size(); ++i) {
        const leakcheck_unwind_rule& rule = rules.rule(table.rows[i].rule);
        const std::uint64_t size = table.rows[i + 1].offset - table.rows[i].offset;
        const bool unknown =
            rule.rbp == LEAKCHECK_REGISTER_UNKNOWN || rule.rbx == LEAKCHECK_REGISTER_UNKNOWN;
        if (rule.cfa != LEAKCHECK_CFA_NONE) found.code += size;
        if (rule.cfa == LEAKCHECK_CFA_UNSUPPORTED) found.unsupported += size;
        if (unknown) found.unknown += size;
    }
    return found;
}

// A table in unwind memory, looked up as the walk does.
class PackedTable {
  public:
    PackedTable(const unwind::CodeTable& table, const unwind::RuleSet& rules)
        : rules_(rules), range_(memory_.add_table(table, kBias)) {}

    leakcheck_unwind_rule at(std::uint64_t address) const {
        return test::find_rule(memory_, rules_, range_, address + kBias);
    }

  private:
    const unwind::RuleSet& rules_;
    test::NativeMemory memory_;
    leakcheck_address_range range_;
};

// Compares at one address; false once enough differences have been shown.
class Comparison {
  public:
    Comparison(const unwind::CodeTable& table, const unwind::RuleSet& rules,
               const test::Oracle& oracle)
        : table_(table), packed_(table, rules), oracle_(oracle) {}

    void at(std::uint64_t address) {
        if (differences_ > 5 || address < table_.start || address >= table_.end) return;
        const leakcheck_unwind_rule expected = oracle_.at(address);
        const leakcheck_unwind_rule found = packed_.at(address);
        ++compared_;
        if (found == expected) return;
        ++differences_;
        ADD_FAILURE() << std::hex << "at 0x" << address << std::dec
                      << ":\n  table: " << to_text(found) << "\n  libdw: " << to_text(expected);
    }

    void at_rows() {
        for (const unwind::CodeRow& row : table_.rows) {
            at(table_.start + row.offset);
            at(table_.start + row.offset - 1);
        }
    }

    void at_random(int count) {
        std::mt19937_64 random(test::test_seed());
        for (int i = 0; i < count; ++i) at(table_.start + random() % (table_.end - table_.start));
    }

    std::uint64_t compared() const { return compared_; }

  private:
    const unwind::CodeTable& table_;
    const PackedTable packed_;
    const test::Oracle& oracle_;
    int differences_ = 0;
    std::uint64_t compared_ = 0;
};

void print(const std::string& name, const unwind::CodeTable& table, const unwind::RuleSet& rules,
           const Weaknesses& weak, std::uint64_t compared) {
    std::cout << name << ": " << table.rows.size() << " rows, " << rules.size()
              << " rules, compared at " << compared << " addresses; of " << weak.code
              << " bytes unsupported " << weak.unsupported << ", with an unknown register "
              << weak.unknown << "\n";
}

Weaknesses compare(const fs::path& file) {
    std::string error;
    const auto object = elf::ElfFile::open(file, error);
    EXPECT_TRUE(object) << error;
    if (!object) return {};
    unwind::RuleSet rules;
    const unwind::CodeTable table = unwind::read_code_table(*object, rules, {file, {}});
    EXPECT_EQ(table.problem, "");
    const test::Oracle oracle(object->handle());
    Comparison comparison(table, rules, oracle);
    comparison.at_rows();
    comparison.at_random(kRandomAddresses);
    const Weaknesses weak = weaknesses_of(table, rules);
    print(file.filename(), table, rules, weak, comparison.compared());
    EXPECT_EQ(rules.refused(), 0u);
    return weak;
}

// Prologues that re-align the stack (through r10), and a few functions of the C library that switch
// between contexts: nothing that calls something else.
void expect_few(const Weaknesses& weak) {
    EXPECT_LT(weak.unsupported, weak.code / 1000);
    EXPECT_LT(weak.unknown, weak.code / 1000);
}

// The libraries this program has mapped, and the program itself.
std::vector<fs::path> loaded_objects() {
    std::vector<fs::path> found{fs::canonical("/proc/self/exe")};
    dl_iterate_phdr(
        [](dl_phdr_info* info, size_t, void* list) {
            if (fs::exists(info->dlpi_name))
                static_cast<std::vector<fs::path>*>(list)->push_back(info->dlpi_name);
            return 0;
        },
        &found);
    return found;
}

TEST(Oracle, AgreesOnTheLibrariesOfThisProgram) {
    const std::vector<fs::path> objects = loaded_objects();
    EXPECT_GE(objects.size(), 5u);
    for (const fs::path& object : objects) {
        SCOPED_TRACE(object);
        expect_few(compare(object));
    }
}

TEST(Oracle, AgreesOnTheVdso) {
    const std::string image = test::vdso();
    ASSERT_FALSE(image.empty());
    const test::TemporaryDirectory directory;
    const Weaknesses from_file = compare(directory.write("vdso", image));
    EXPECT_EQ(from_file.unsupported, 0u);

    unwind::RuleSet rules;
    const unwind::CodeTable table = unwind::read_code_table(image, rules);
    EXPECT_EQ(table.problem, "");
    std::string error;
    const auto file = elf::ElfFile::open(directory.path() / "vdso", error);
    const test::Oracle oracle(file->handle());
    Comparison comparison(table, rules, oracle);
    comparison.at_rows();
    EXPECT_GT(comparison.compared(), 20u);
}

class SystemObjects : public testing::TestWithParam<const char*> {};

TEST_P(SystemObjects, Agree) {
    SKIP_WITHOUT_FILE(GetParam());
    const auto start = std::chrono::steady_clock::now();
    unwind::RuleSet rules;
    const unwind::CodeTable table = test::table_of(GetParam(), rules);
    const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
    const auto packed = unwind::pack(table, 1);
    ASSERT_TRUE(packed);
    std::cout << "built in " << time.count() << " ms, " << packed->words.size() << " words\n";
    expect_few(compare(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(, SystemObjects,
                         testing::Values("/usr/lib/x86_64-linux-gnu/libLLVM-14.so.1",
                                         "/usr/bin/python3", "/usr/bin/gdb", "/usr/bin/perl",
                                         "/usr/bin/bash"),
                         [](const auto& object) {
                             std::string name = fs::path(object.param).filename();
                             std::erase_if(name, [](char c) { return isalnum(c) == 0; });
                             return name;
                         });

class Fixtures : public testing::TestWithParam<std::string> {};

TEST_P(Fixtures, Agree) {
    SKIP_WITHOUT_FILE(test::fixture(GetParam()));
    const Weaknesses weak = compare(test::fixture(GetParam()));
    if (GetParam().starts_with("odd_rules")) return;
    // Small functions: the few instructions of a prologue are a larger part of them.
    EXPECT_LT(weak.unsupported, weak.code / 50);
    EXPECT_LT(weak.unknown, weak.code / 1000 + 1);
}

INSTANTIATE_TEST_SUITE_P(
    , Fixtures,
    testing::Values("frames_gcc_O0_omit", "frames_gcc_O0_no-omit", "frames_gcc_O2_omit",
                    "frames_gcc_O2_no-omit", "frames_gcc_O3_omit", "frames_gcc_O3_no-omit",
                    "frames_clang_O0_omit", "frames_clang_O0_no-omit", "frames_clang_O2_omit",
                    "frames_clang_O2_no-omit", "frames_clang_O3_omit", "frames_clang_O3_no-omit",
                    "frames_cet", "frames_lazy_plt", "frames_realign", "frames_realign_O0",
                    "frames_accumulate", "frames_fixed", "frames_shared", "frames_one_segment",
                    "frames_clang_realign", "frames_static", "frames_lld", "odd_rules",
                    "odd_rules_debug_frame", "debug_frame", "debug_frame_compressed"),
    [](const auto& name) {
        std::string text = name.param;
        std::erase(text, '-');
        return text;
    });

}  // namespace
}  // namespace leakcheck
