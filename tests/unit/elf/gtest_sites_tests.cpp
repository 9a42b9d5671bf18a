// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/gtest_sites.hpp"

#include <gtest/gtest.h>

#include <map>

#include "runner/elf/elf_file.hpp"
#include "runner/elf/gtest_vtable.hpp"
#include "tests/unit/elf/fixtures.hpp"

namespace leakcheck {
namespace {

using test::fixture;

constexpr std::size_t kAllSites = 11;  // every kind but test_run

std::map<TestSiteKind, std::uint64_t> offsets(const TestSites& sites) {
    std::map<TestSiteKind, std::uint64_t> by_kind;
    for (const TestSite& site : sites.sites) by_kind[site.kind] = site.file_offset;
    return by_kind;
}

// What the methods of the repeater are in an unstripped program, by the names of its symbols.
std::map<std::string, std::uint64_t> method_offsets(const std::string& name) {
    const std::string prefix = "_ZN7testing8internal17TestEventRepeater";
    std::map<std::string, std::uint64_t> methods;
    std::string error;
    const auto file = elf::ElfFile::open(fixture(name), error);
    file->for_each_symbol(SHT_SYMTAB, [&](const char* symbol, const GElf_Sym& entry) {
        const std::string mangled = symbol;
        const std::size_t on = mangled.find("On");
        if (!mangled.starts_with(prefix) || on == std::string::npos) return;
        const std::string method = mangled.substr(on, mangled.find("ERK") - on);
        methods[method] = file->offset_of(entry.st_value).value_or(0);
    });
    return methods;
}

void expect_methods(const TestSites& sites, const std::string& name, const std::string& suite) {
    auto found = offsets(sites);
    auto methods = method_offsets(name);
    const auto expect = [&](TestSiteKind kind, const std::string& method) {
        ASSERT_EQ(methods.count(method), 1U) << method;
        EXPECT_EQ(found[kind], methods[method]) << method;
    };
    EXPECT_EQ(found.size(), kAllSites);
    expect(TestSiteKind::program_start, "OnTestProgramStart");
    expect(TestSiteKind::iteration_start, "OnTestIterationStart");
    expect(TestSiteKind::environments_set_up_start, "OnEnvironmentsSetUpStart");
    expect(TestSiteKind::environments_set_up_end, "OnEnvironmentsSetUpEnd");
    expect(TestSiteKind::suite_start, "OnTest" + suite + "Start");
    expect(TestSiteKind::test_start, "OnTestStart");
    expect(TestSiteKind::test_end, "OnTestEnd");
    expect(TestSiteKind::suite_end, "OnTest" + suite + "End");
    expect(TestSiteKind::environments_tear_down_start, "OnEnvironmentsTearDownStart");
    expect(TestSiteKind::environments_tear_down_end, "OnEnvironmentsTearDownEnd");
    expect(TestSiteKind::program_end, "OnTestProgramEnd");
}

class RealGoogleTest : public testing::TestWithParam<const char*> {};

TEST_P(RealGoogleTest, HasTheSameSitesStrippedAndNot) {
    SKIP_WITHOUT(GetParam());
    const TestSites whole = find_test_sites(fixture(GetParam()));
    EXPECT_TRUE(whole.has_googletest);
    EXPECT_EQ(whole.note, "");
    expect_methods(whole, GetParam(), "Suite");
    const TestSites stripped = find_test_sites(fixture(std::string(GetParam()) + "_stripped"));
    EXPECT_TRUE(stripped.has_googletest);
    EXPECT_EQ(stripped.note, "");
    EXPECT_EQ(offsets(stripped), offsets(whole));
}

INSTANTIATE_TEST_SUITE_P(Programs, RealGoogleTest,
                         testing::Values("gtest_pie", "gtest_fixed", "gtest_packed"),
                         [](const auto& build) { return std::string(build.param); });

TEST(GtestSites, TakeSymbolsFromTheSeparateDebugFile) {
    const TestSites sites = find_test_sites(fixture("gtest_debuglink"));
    EXPECT_EQ(offsets(sites), offsets(find_test_sites(fixture("gtest_pie"))));
}

TEST(GtestSites, CarryWhatTheProbeReads) {
    for (const TestSite& site : find_test_sites(fixture("gtest_pie")).sites) {
        EXPECT_EQ(site.object_argument, 1U);
        EXPECT_EQ(site.strings, StringLayout::libstdcxx);
        switch (site.kind) {
            case TestSiteKind::suite_start:
            case TestSiteKind::suite_end:
                EXPECT_EQ(site.suite_offset, 8U);
                break;
            case TestSiteKind::test_start:
            case TestSiteKind::test_end:
                EXPECT_EQ(site.suite_offset, 0U);
                EXPECT_EQ(site.test_offset, 32U);
                break;
            default:
                break;
        }
    }
}

struct Version {
    const char* program;
    const char* suite;  // what the repeater calls a suite
};

class OtherVersions : public testing::TestWithParam<Version> {};

TEST_P(OtherVersions, AreToldByTheirSymbolsAndByTheirTables) {
    const std::string program = GetParam().program;
    expect_methods(find_test_sites(fixture(program)), program, GetParam().suite);
    expect_methods(find_test_sites(fixture(program + "_stripped")), program, GetParam().suite);
}

INSTANTIATE_TEST_SUITE_P(Layouts, OtherVersions,
                         testing::Values(Version{"repeater_1_8", "Case"},
                                         Version{"repeater_1_10", "Suite"},
                                         Version{"repeater_1_12", "Suite"},
                                         Version{"repeater_plain_1_12", "Suite"}),
                         [](const auto& build) { return std::string(build.param.program); });

TEST(GtestSites, TablesOfNoKnownSizeGiveNothing) {
    for (const std::size_t size : {0, 2, 14, 19, 64}) {
        EXPECT_TRUE(elf::listener_slots(size).empty()) << size;
    }
    for (std::size_t size = 15; size <= 18; ++size) {
        const auto slots = elf::listener_slots(size);
        ASSERT_EQ(slots.size(), kAllSites);
        EXPECT_EQ(slots.back().slot, size - 1);
    }
}

void expect_note(const std::string& program) {
    const TestSites sites = find_test_sites(fixture(program));
    EXPECT_TRUE(sites.has_googletest);
    EXPECT_TRUE(sites.sites.empty());
    EXPECT_NE(sites.note.find(fixture(program).string()), std::string::npos) << sites.note;
    EXPECT_NE(sites.note.find("tests cannot be told apart"), std::string::npos);
    EXPECT_EQ(sites.note.find('\n'), std::string::npos);
}

TEST(GtestSites, AmbiguousTablesGiveANote) {
    expect_note("repeater_odd_stripped");
}

TEST(GtestSites, StrippedProgramsWithoutTypeInformationGiveANote) {
    expect_note("repeater_no_rtti_stripped");
}

TEST(GtestSites, SymbolsServeWithoutTypeInformation) {
    expect_methods(find_test_sites(fixture("repeater_no_rtti")), "repeater_no_rtti", "Suite");
}

TEST(GtestSites, FallBackOnTheBeginningsOfTests) {
    const TestSites sites = find_test_sites(fixture("repeater_no_events"));
    ASSERT_EQ(sites.sites.size(), 1U);
    EXPECT_EQ(sites.sites[0].kind, TestSiteKind::test_run);
    EXPECT_EQ(sites.sites[0].object_argument, 0U);
    EXPECT_EQ(sites.sites[0].suite_offset, 0U);
    EXPECT_EQ(sites.sites[0].test_offset, 32U);
    EXPECT_EQ(sites.note, "");
}

void expect_strings(const std::string& program, StringLayout layout, std::uint32_t size) {
    const TestSites sites = find_test_sites(fixture(program));
    ASSERT_EQ(sites.sites.size(), kAllSites);
    for (const TestSite& site : sites.sites) {
        EXPECT_EQ(site.strings, layout);
        const bool of_test =
            site.kind == TestSiteKind::test_start || site.kind == TestSiteKind::test_end;
        EXPECT_EQ(site.test_offset, of_test ? size : 0);
    }
}

TEST(GtestSites, TellTheOldStringOfLibstdcxx) {
    expect_strings("repeater_old_strings", StringLayout::libstdcxx_cow, 8);
    expect_strings("repeater_old_strings_stripped", StringLayout::libstdcxx_cow, 8);
}

TEST(GtestSites, TellTheStringOfLibcxx) {
    SKIP_WITHOUT("repeater_libcxx");
    expect_strings("repeater_libcxx", StringLayout::libcxx, 24);
    expect_strings("repeater_libcxx_stripped", StringLayout::libcxx, 24);
}

TEST(GtestSites, ThereAreNoneWithoutGoogleTest) {
    for (const char* program : {"program_plain", "calls_pie", "plugin_a.so"}) {
        const TestSites sites = find_test_sites(fixture(program));
        EXPECT_FALSE(sites.has_googletest) << program;
        EXPECT_TRUE(sites.sites.empty());
        EXPECT_EQ(sites.note, "");
    }
}

TEST(GtestSites, FilesThatCannotBeReadHaveNone) {
    const test::TemporaryDirectory directory;
    for (const auto& path : {directory.path(), directory.path() / "missing",
                             directory.write("text", "hello"), directory.write("empty", "")}) {
        const TestSites sites = find_test_sites(path);
        EXPECT_FALSE(sites.has_googletest) << path;
        EXPECT_TRUE(sites.sites.empty());
    }
}

}  // namespace
}  // namespace leakcheck
