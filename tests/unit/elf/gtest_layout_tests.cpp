// SPDX-License-Identifier: Apache-2.0
//
// The offsets that probe sites carry, against the debug information of a program built with the
// GoogleTest at hand.
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "runner/elf/debug_session.hpp"
#include "runner/elf/gtest_sites.hpp"
#include "tests/unit/elf/fixtures.hpp"

namespace leakcheck {
namespace {

using Members = std::map<std::string, std::uint64_t>;  // name to offset in bytes

Members members_of(Dwarf_Die& type) {
    Members members;
    Dwarf_Die child;
    if (dwarf_child(&type, &child) != 0) return members;
    do {
        Dwarf_Attribute attribute;
        Dwarf_Word offset = 0;
        const char* name = dwarf_diename(&child);
        if (dwarf_tag(&child) == DW_TAG_member && name != nullptr &&
            dwarf_formudata(dwarf_attr(&child, DW_AT_data_member_location, &attribute), &offset) ==
                0) {
            members[name] = offset;
        }
    } while (dwarf_siblingof(&child, &child) == 0);
    return members;
}

// The members of testing::NAME, from any unit that has the whole class.
Members members_of_class(Dwarf* dwarf, const std::string& name) {
    Members found;
    Dwarf_CU* unit = nullptr;
    Dwarf_Die unit_die;
    while (dwarf_get_units(dwarf, unit, &unit, nullptr, nullptr, &unit_die, nullptr) == 0) {
        Dwarf_Die scope;
        if (dwarf_child(&unit_die, &scope) != 0) continue;
        do {
            const char* scope_name = dwarf_diename(&scope);
            Dwarf_Die type;
            if (dwarf_tag(&scope) != DW_TAG_namespace || scope_name == nullptr ||
                std::string(scope_name) != "testing" || dwarf_child(&scope, &type) != 0) {
                continue;
            }
            do {
                const char* type_name = dwarf_diename(&type);
                if (dwarf_tag(&type) != DW_TAG_class_type || type_name == nullptr) continue;
                if (type_name == name && found.empty()) found = members_of(type);
            } while (dwarf_siblingof(&type, &type) == 0);
        } while (dwarf_siblingof(&scope, &scope) == 0);
    }
    return found;
}

std::optional<TestSite> site_of(const TestSites& sites, TestSiteKind kind) {
    for (const TestSite& site : sites.sites) {
        if (site.kind == kind) return site;
    }
    return std::nullopt;
}

TEST(GtestLayout, OffsetsOfNamesAreThoseOfTheCompiler) {
    const auto program = test::fixture("gtest_pie");
    const auto sites = find_test_sites(program);
    const auto test_start = site_of(sites, TestSiteKind::test_start);
    const auto suite_start = site_of(sites, TestSiteKind::suite_start);
    ASSERT_TRUE(test_start);
    ASSERT_TRUE(suite_start);

    std::string error;
    const auto session = elf::DebugSession::open(program, {}, error);
    ASSERT_TRUE(session) << error;
    Dwarf_Addr bias = 0;
    Dwarf* dwarf = session->dwarf(bias);
    ASSERT_NE(dwarf, nullptr);
    Members info = members_of_class(dwarf, "TestInfo");
    Members suite = members_of_class(dwarf, "TestSuite");
    ASSERT_TRUE(info.count("test_suite_name_") == 1 && info.count("name_") == 1);
    ASSERT_EQ(suite.count("name_"), 1U);
    EXPECT_EQ(test_start->suite_offset, info["test_suite_name_"]);
    EXPECT_EQ(test_start->test_offset, info["name_"]);
    EXPECT_EQ(suite_start->suite_offset, suite["name_"]);
}

TEST(GtestLayout, StringsAreAsLargeAsTheOffsetsSay) {
    const auto sites = find_test_sites(test::fixture("gtest_pie"));
    const auto test_start = site_of(sites, TestSiteKind::test_start);
    ASSERT_TRUE(test_start);
    EXPECT_EQ(test_start->strings, StringLayout::libstdcxx);
    EXPECT_EQ(test_start->test_offset, 32U);
}

}  // namespace
}  // namespace leakcheck
