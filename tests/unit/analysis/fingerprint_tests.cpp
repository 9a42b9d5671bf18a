// SPDX-License-Identifier: Apache-2.0
#include "analysis/fingerprint.hpp"

#include <gtest/gtest.h>

#include "tests/unit/analysis/run_builder.hpp"

namespace leakcheck {
namespace {

using testing_support::frame;
using testing_support::module_frame;
using testing_support::own_frame;

std::string fingerprint_of(const std::string& owner, const std::vector<Frame>& stack) {
    return FingerprintRegister().add(owner, stack);
}

std::vector<Frame> leaking_stack() {
    return {frame("operator new(unsigned long)"), own_frame("make()", "src/a.cpp", 3),
            own_frame("A_b_Test::TestBody()", "tests/a.cpp", 12), frame("testing::Test::Run()"),
            frame("main")};
}

// The test values published with the hash.
TEST(Fnv1a, GivesThePublishedValues) {
    EXPECT_EQ(fnv1a_64(""), 0xcbf29ce484222325u);
    EXPECT_EQ(fnv1a_64("a"), 0xaf63dc4c8601ec8cu);
    EXPECT_EQ(fnv1a_64("foobar"), 0x85944171f73967e8u);
}

TEST(Fingerprint, IsSixteenLowerCaseHexDigits) {
    EXPECT_EQ(fingerprint_text(0xAB), "00000000000000ab");
    const std::string text = fingerprint_of("A.b", leaking_stack());
    EXPECT_EQ(text.size(), 16u);
    EXPECT_EQ(text.find_first_not_of("0123456789abcdef"), std::string::npos);
}

// Baselines in users' repositories depend on the value: it changes only with the format.
TEST(Fingerprint, HashesOwnerAndNamesAsDocumented) {
    EXPECT_EQ(fingerprint_of("A.b", leaking_stack()),
              fingerprint_text(fnv1a_64("A.b\nmake\nA_b_Test::TestBody\n")));
}

TEST(Fingerprint, IgnoresAddressesLinesPathsAndClones) {
    std::vector<Frame> other = leaking_stack();
    for (Frame& f : other) {
        f.address += 0x5000;
        f.line += 7;
        f.module = "/elsewhere/unit_tests";
        f.build_id = "00ff";
    }
    other[1].file = "/home/build/src/a.cpp";
    other[1].function = "make() [clone .constprop.0]";
    EXPECT_EQ(fingerprint_of("A.b", other), fingerprint_of("A.b", leaking_stack()));
}

TEST(Fingerprint, IgnoresWhatLibrariesPutBetween) {
    std::vector<Frame> other = leaking_stack();
    other.insert(other.begin() + 1, frame("std::allocator<int>::allocate(unsigned long)"));
    other.push_back(module_frame("/lib/libc.so.6", 0x29d90));
    EXPECT_EQ(fingerprint_of("A.b", other), fingerprint_of("A.b", leaking_stack()));
}

TEST(Fingerprint, IgnoresHowTestsAreDriven) {
    std::vector<Frame> other = leaking_stack();
    other.back() = own_frame("main", "tests/my_main.cpp", 3);
    EXPECT_EQ(fingerprint_of("A.b", other), fingerprint_of("A.b", leaking_stack()));
}

TEST(Fingerprint, DependsOnOwnerAndFunctions) {
    const std::string base = fingerprint_of("A.b", leaking_stack());
    EXPECT_NE(fingerprint_of("A.c", leaking_stack()), base);
    std::vector<Frame> other = leaking_stack();
    other[1].function = "take()";
    EXPECT_NE(fingerprint_of("A.b", other), base);
    other = leaking_stack();
    other.erase(other.begin() + 1);
    EXPECT_NE(fingerprint_of("A.b", other), base);
}

// As gcc and clang tell of the same source.
TEST(Fingerprint, IgnoresWhoseCompilerItWas) {
    const std::vector<Frame> gcc{own_frame("TestBody::(anonymous)::operator()", "t.cpp", 3),
                                 own_frame("(anonymous namespace)::help", "t.cpp", 9),
                                 own_frame("A_b_Test::TestBody", "t.cpp", 4),
                                 own_frame("A_b_Test::TestBody()", "t.cpp", 5)};
    const std::vector<Frame> clang{
        own_frame("A_b_Test::TestBody()::$_4::operator()() const", "t.cpp", 3),
        own_frame("(anonymous namespace)::help(int)", "t.cpp", 9),
        own_frame("A_b_Test::TestBody()", "t.cpp", 5)};
    EXPECT_EQ(fingerprint_of("A.b", gcc), fingerprint_of("A.b", clang));
}

TEST(Fingerprint, UsesTheModuleWhereThereIsNoFunction) {
    EXPECT_EQ(fingerprint_of("A.b", {module_frame("/x/libfoo.so", 1)}),
              fingerprint_of("A.b", {module_frame("/y/libfoo.so", 2)}));
    EXPECT_NE(fingerprint_of("A.b", {module_frame("/x/libfoo.so", 1)}),
              fingerprint_of("A.b", {module_frame("/x/libbar.so", 1)}));
}

TEST(Fingerprint, UsesAllFramesWhereNoneIsTheUsers) {
    EXPECT_NE(fingerprint_of("A.b", {frame("malloc"), frame("strdup")}),
              fingerprint_of("A.b", {frame("malloc"), frame("getline")}));
    EXPECT_EQ(fingerprint_of("A.b", {}), fingerprint_text(fnv1a_64("A.b\n")));
}

TEST(Fingerprint, TellsLeaksOfOneReportApart) {
    FingerprintRegister first;
    const std::string a = first.add("A.b", leaking_stack());
    const std::string b = first.add("A.b", leaking_stack());
    const std::string c = first.add("A.b", leaking_stack());
    EXPECT_NE(a, b);
    EXPECT_NE(a, c);
    EXPECT_NE(b, c);
    FingerprintRegister second;
    EXPECT_EQ(second.add("A.b", leaking_stack()), a);
    EXPECT_EQ(second.add("A.b", leaking_stack()), b);
    EXPECT_EQ(second.add("A.b", leaking_stack()), c);
}

}  // namespace
}  // namespace leakcheck
