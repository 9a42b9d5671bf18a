// SPDX-License-Identifier: Apache-2.0
//
// Names and types of variables at addresses that the symbol table of the same program tells.
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "runner/elf/symbolizer.hpp"
#include "tests/unit/elf/fixtures.hpp"

namespace leakcheck {
namespace {

using test::fixture;

struct Expected {
    const char* symbol;  // mangled
    RootKind kind;
    std::uint64_t offset;
    const char* name;
    const char* type;  // or the beginning of that
};

const Expected expectations[] = {
    {"_ZN4shop9catalogueB5cxx11E", RootKind::static_data, 16, "shop::catalogue", "std::map<int, "},
    {"_ZZN4shop5Store8instanceEvE8the_only", RootKind::static_data, 0,
     "shop::Store::instance()::the_only", "shop::Store*"},
    {"_ZN4shop5Store6countsE", RootKind::static_data, 0, "shop::Store::counts", "int*"},
    {"_ZN4shop4PoolINS_4ItemEE5firstE", RootKind::static_data, 0, "shop::Pool<shop::Item>::first",
     "shop::Item*"},
    {"_ZN4shop12_GLOBAL__N_16hiddenE", RootKind::static_data, 0,
     "shop::(anonymous namespace)::hidden", "shop::Item const* volatile"},
    {"names", RootKind::static_data, 24, "names", "char const*[3][2]"},
    {"callback", RootKind::static_data, 0, "callback", "void (int, shop::Item&)*"},
    {"of_thread", RootKind::thread_data, 8, "of_thread", "int volatile*[2]"},
};

std::optional<std::uint64_t> symbol_value(const std::string& program, const std::string& name) {
    std::string error;
    const auto file = elf::ElfFile::open(fixture(program), error);
    std::optional<std::uint64_t> value;
    if (file == nullptr) return value;
    file->for_each_symbol(SHT_SYMTAB, [&](const char* each, const GElf_Sym& symbol) {
        if (name == each) value = symbol.st_value;
    });
    return value;
}

// `symbols`: the program that tells the address.
Variable variable(const std::string& program, const Expected& expected,
                  const std::string& symbols) {
    const auto address = symbol_value(symbols, expected.symbol);
    EXPECT_TRUE(address) << expected.symbol;
    HoldingRoot root;
    root.kind = expected.kind;
    root.object = fixture(program).string();
    root.object_address = address.value_or(0) + expected.offset;
    Symbolizer symbolizer({"/nowhere", {}, {}});
    return symbolizer.variable(root);
}

class Variables : public testing::TestWithParam<const char*> {};

TEST_P(Variables, HaveNameOffsetAndType) {
    SKIP_WITHOUT(GetParam());
    for (const Expected& expected : expectations) {
        const Variable found = variable(GetParam(), expected, GetParam());
        EXPECT_EQ(found.name, expected.name);
        EXPECT_EQ(found.offset, expected.offset) << expected.name;
        // Split debug information has the place of a thread-local variable in a table of the program's own part.
        const bool has_type =
            expected.kind != RootKind::thread_data || std::string(GetParam()) != "variables_split";
        EXPECT_TRUE(found.type.starts_with(has_type ? expected.type : ""))
            << expected.name << ": " << found.type;
    }
}

INSTANTIATE_TEST_SUITE_P(Programs, Variables,
                         testing::Values("variables_pie", "variables_fixed", "variables_dwarf4",
                                         "variables_split", "variables_clang"),
                         [](const auto& one) { return std::string(one.param).substr(10); });

TEST(VariablesWithoutDebugInformation, HaveNameAndOffset) {
    for (const Expected& expected : expectations) {
        const Variable found = variable("variables_symbols", expected, "variables_symbols");
        EXPECT_EQ(found.name, expected.name);
        EXPECT_EQ(found.offset, expected.offset) << expected.name;
        EXPECT_EQ(found.type, "") << expected.name;
    }
}

TEST(VariablesWithoutSymbols, HaveTheNamesOfDebugInformation) {
    for (const std::size_t number : {0u, 1u, 4u, 7u}) {
        const Expected& expected = expectations[number];
        ASSERT_FALSE(symbol_value("variables_unnamed", expected.symbol)) << expected.symbol;
        const Variable found = variable("variables_unnamed", expected, "variables_pie");
        EXPECT_EQ(found.name, expected.name);
        EXPECT_EQ(found.offset, expected.offset) << expected.name;
        EXPECT_TRUE(found.type.starts_with(expected.type)) << expected.name << ": " << found.type;
    }
}

TEST(VariablesThatAreNotThere, HaveNoName) {
    const Expected outside{"_ZN4shop9catalogueB5cxx11E", RootKind::static_data, 1 << 20, "", ""};
    EXPECT_EQ(variable("variables_pie", outside, "variables_pie"), Variable{});
    Symbolizer symbolizer({"/nowhere", {}, {}});
    HoldingRoot gone;
    gone.kind = RootKind::static_data;
    gone.object = "/no/such/file";
    EXPECT_EQ(symbolizer.variable(gone), Variable{});
    gone.kind = RootKind::stack;
    EXPECT_EQ(symbolizer.variable(gone), Variable{});
}

}  // namespace
}  // namespace leakcheck
