// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/gtest_sites.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <string_view>

#include "runner/elf/debug_session.hpp"
#include "runner/elf/elf_file.hpp"
#include "runner/elf/gtest_symbols.hpp"
#include "runner/elf/gtest_vtable.hpp"

namespace leakcheck {
namespace {

// What GoogleTest prints, in every version: it tells its code where neither symbols nor type
// information are left.
constexpr std::string_view kPrinted = "Global test environment tear-down";

const std::vector<std::filesystem::path> kDebugDirectories{"/usr/lib/debug"};

using SiteAddresses = std::map<TestSiteKind, std::uint64_t>;

// Offsets of names in GoogleTest's objects, the same from 1.8 to 1.15: TestInfo begins with
// {suite name, test name}; TestSuite (TestCase before 1.10) with {virtual table pointer, name}.
struct NameOffsets {
    std::uint32_t suite = 0;
    std::uint32_t test = 0;
};

std::uint32_t string_size(StringLayout layout) {
    switch (layout) {
        case StringLayout::libstdcxx_cow:
            return 8;
        case StringLayout::libcxx:
            return 24;
        case StringLayout::libstdcxx:
            break;
    }
    return 32;
}

NameOffsets name_offsets(TestSiteKind kind, StringLayout layout) {
    switch (kind) {
        case TestSiteKind::suite_start:
        case TestSiteKind::suite_end:
            return {sizeof(void*), 0};
        case TestSiteKind::test_start:
        case TestSiteKind::test_end:
        case TestSiteKind::test_run:
            return {0, string_size(layout)};
        default:
            return {0, 0};
    }
}

// By symbols; else by the virtual table; else the beginnings of tests only.
SiteAddresses site_addresses(const elf::ElfFile& file, const elf::GtestSymbols& symbols) {
    if (symbols.repeater.count(TestSiteKind::test_start) != 0 &&
        symbols.repeater.count(TestSiteKind::test_end) != 0) {
        return symbols.repeater;
    }
    SiteAddresses addresses;
    for (const elf::VirtualSite& site : elf::repeater_functions(file)) {
        addresses.emplace(site.kind, site.address);
    }
    if (addresses.empty() && symbols.test_info_run) {
        addresses.emplace(TestSiteKind::test_run, *symbols.test_info_run);
    }
    return addresses;
}

std::vector<TestSite> sites_at(const elf::ElfFile& file, const SiteAddresses& addresses,
                               StringLayout layout) {
    std::vector<TestSite> sites;
    for (const auto& [kind, address] : addresses) {
        const auto offset = file.offset_of(address);
        if (!offset) continue;
        const NameOffsets names = name_offsets(kind, layout);
        // The object is the method's own for TestInfo::Run, its first parameter for the repeater's.
        const std::uint32_t argument = kind == TestSiteKind::test_run ? 0 : 1;
        sites.push_back({kind, *offset, argument, names.suite, names.test, layout});
    }
    return sites;
}

}  // namespace

TestSites find_test_sites(const std::filesystem::path& object) {
    TestSites result;
    std::string error;
    const auto file = elf::ElfFile::open(object, error);
    if (!file || file->header().e_machine != EM_X86_64) return result;
    elf::GtestSymbols symbols = elf::gtest_symbols(*file, nullptr);
    if (!symbols.any && !file->loads(kPrinted) && !file->loads(elf::kRepeaterTypeName))
        return result;
    result.has_googletest = true;
    const auto session = elf::DebugSession::open(object, kDebugDirectories, error);
    if (symbols.repeater.empty() && session) symbols = elf::gtest_symbols(*file, session.get());
    const StringLayout layout = symbols.strings.value_or(elf::imported_string_layout(*file));
    result.sites = sites_at(*file, site_addresses(*file, symbols), layout);
    if (result.sites.empty()) {
        result.note = fmt::format(
            "GoogleTest is in '{}' but its symbols are stripped: tests cannot be told apart; link "
            "leakcheck::gtest, keep .symtab, or provide the separate debug file",
            object.string());
    }
    return result;
}

}  // namespace leakcheck
