// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/test_bodies.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <optional>

#include "tests/unit/elf/fixtures.hpp"

namespace leakcheck::elf {
namespace {

TEST(TestBodies, ReadTheClassFromTheSymbol) {
    EXPECT_EQ(test_class_of("_ZN11A_B_C_D_E_F8TestBodyEv"), "A_B_C_D_E_F");
    EXPECT_EQ(test_class_of("_ZN12_GLOBAL__N_19S_T_Test_8TestBodyEv"), "S_T_Test_");
    EXPECT_EQ(test_class_of("_ZN2ns8S_T_TestISt6vectorIiSaIiEEE8TestBodyEv"), "S_T_Test");
    EXPECT_EQ(test_class_of("_ZN14gtest_suite_S_4NameIiE8TestBodyEv"), "gtest_suite_S_::Name");
    EXPECT_EQ(test_class_of("_ZN13gtest_case_S_4NameIiE8TestBodyEv"), "gtest_case_S_::Name");
}

TEST(TestBodies, LeaveOtherSymbolsAlone) {
    EXPECT_EQ(test_class_of(""), "");
    EXPECT_EQ(test_class_of("main"), "");
    EXPECT_EQ(test_class_of("_ZN8S_T_Test8TestBodyEi"), "");
    EXPECT_EQ(test_class_of("_ZN8S_T_Test9TestBody2Ev"), "");
    EXPECT_EQ(test_class_of("_ZN99Broken8TestBodyEv"), "");
    EXPECT_EQ(test_class_of("_Z8TestBodyEv"), "");
}

TEST(TestBodies, UnderstandNamesOfEveryKindOfTest) {
    EXPECT_EQ(test_classes("Suite", "Test").front(), "Suite_Test_Test");
    EXPECT_EQ(test_classes("Prefix/Suite", "Test/0").front(), "Suite_Test_Test");
    EXPECT_EQ(test_classes("Suite/0", "Test").front(), "Suite_Test_Test");
    EXPECT_EQ(test_classes("Prefix/Suite/0", "Test").front(), "Suite_Test_Test");
}

TEST(TestBodies, KeepTheFirstOfAClass) {
    TestBodyIndex index;
    index.add("_ZN8S_T_Test8TestBodyEv", {0, 0x10});
    index.add("_ZN8S_T_Test8TestBodyEv", {1, 0x20});
    ASSERT_NE(index.find("S", "T"), nullptr);
    EXPECT_EQ(index.find("S", "T")->address, 0x10U);
    EXPECT_EQ(index.find("S", "U"), nullptr);
}

// The line of the fixture that has this comment.
std::uint32_t line_with(const std::string& comment) {
    std::ifstream source(std::string(LEAKCHECK_FIXTURE_SOURCES) + "/gtest_subject.cpp");
    std::string line;
    for (std::uint32_t number = 1; std::getline(source, line); ++number) {
        if (line.ends_with("// " + comment)) return number;
    }
    return 0;
}

class Definitions : public testing::TestWithParam<const char*> {};

TEST_P(Definitions, AreFoundForEveryKindOfTest) {
    test::MappedFile program(test::fixture(GetParam()), {LEAKCHECK_FIXTURE_SOURCES, {}});
    const auto expect = [&](const char* suite, const char* name, const std::string& comment) {
        const auto location = program.symbolizer().test_definition(suite, name);
        ASSERT_TRUE(location) << suite << "." << name;
        EXPECT_EQ(location->file, "gtest_subject.cpp");
        EXPECT_NE(line_with(comment), 0U) << comment;
        EXPECT_EQ(location->line, line_with(comment)) << suite << "." << name;
        EXPECT_NE(location->function.find("::TestBody()"), std::string::npos);
    };
    expect("Plain", "Works", "Plain.Works");
    expect("Fixture", "DISABLED_Waits", "Fixture.DISABLED_Waits");
    expect("Prefix/Valued", "Holds/0", "Valued.Holds");
    expect("Plain/Valued", "Holds/0", "Valued.Holds");
    expect("Typed/0", "Fits", "Typed.Fits");
    expect("Typed/1", "Fits", "Typed.Fits");
    expect("My/Pattern/1", "Matches", "Pattern.Matches");
    EXPECT_FALSE(program.symbolizer().test_definition("Plain", "Missing"));
    EXPECT_FALSE(program.symbolizer().test_definition("", ""));
}

INSTANTIATE_TEST_SUITE_P(Programs, Definitions,
                         testing::Values("gtest_pie", "gtest_fixed", "gtest_debuglink"),
                         [](const auto& build) { return std::string(build.param); });

TEST(TestBodies, AreUnknownWithoutSymbols) {
    test::MappedFile program(test::fixture("gtest_pie_stripped"));
    EXPECT_FALSE(program.symbolizer().test_definition("Plain", "Works"));
}

}  // namespace
}  // namespace leakcheck::elf
