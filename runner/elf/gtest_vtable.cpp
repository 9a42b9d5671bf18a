// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/gtest_vtable.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

namespace leakcheck::elf {
namespace {

constexpr std::uint64_t kWord = 8;
constexpr std::size_t kMaxFunctions = 64;  // more than any listener has

// Another listener that every GoogleTest holds; its table has as many functions as the repeater's.
constexpr std::string_view kPrinterTypeName = "N7testing8internal27PrettyUnitTestResultPrinterE";

// Addresses of a NUL-terminated string in what is loaded.
std::vector<std::uint64_t> addresses_of_string(const ElfFile& file, std::string_view text) {
    const std::string whole = std::string(text) + '\0';
    std::vector<std::uint64_t> addresses;
    for (const GElf_Phdr& segment : file.segments()) {
        if (segment.p_type != PT_LOAD) continue;
        const std::string_view contents = file.contents(segment);
        for (std::size_t at = contents.find(whole); at != std::string_view::npos;
             at = contents.find(whole, at + 1)) {
            addresses.push_back(segment.p_vaddr + at);
        }
    }
    return addresses;
}

// A typeinfo object is a pointer to its own class's table, then the pointer to the name.
std::vector<std::uint64_t> typeinfo_objects(const ElfFile& file, const PointerTable& pointers,
                                            std::string_view type_name) {
    std::vector<std::uint64_t> objects;
    for (const std::uint64_t name : addresses_of_string(file, type_name)) {
        for (const std::uint64_t place : pointers.places_of(name)) objects.push_back(place - kWord);
    }
    return objects;
}

// A table is the offset to the top of the object (0 in a primary table), the pointer to the
// typeinfo object, then the functions. `typeinfo_place` is the address of that pointer.
std::vector<std::uint64_t> functions_after(const ElfFile& file, const PointerTable& pointers,
                                           std::uint64_t typeinfo_place) {
    std::vector<std::uint64_t> functions;
    if (pointers.at(typeinfo_place - kWord) != std::uint64_t{0}) return functions;
    for (std::uint64_t place = typeinfo_place + kWord; functions.size() < kMaxFunctions;
         place += kWord) {
        const std::optional<std::uint64_t> function = pointers.at(place);
        if (!function || !file.is_code(*function)) break;
        functions.push_back(*function);
    }
    return functions;
}

bool all_different(const std::vector<VirtualSite>& sites) {
    std::set<std::uint64_t> addresses;
    for (const VirtualSite& site : sites) addresses.insert(site.address);
    return addresses.size() == sites.size();
}

}  // namespace

std::vector<std::uint64_t> virtual_functions(const ElfFile& file, const PointerTable& pointers,
                                             std::string_view type_name) {
    std::vector<std::uint64_t> found;
    for (const std::uint64_t object : typeinfo_objects(file, pointers, type_name)) {
        for (const std::uint64_t place : pointers.places_of(object)) {
            std::vector<std::uint64_t> functions = functions_after(file, pointers, place);
            if (functions.empty()) continue;
            if (!found.empty()) return {};
            found = std::move(functions);
        }
    }
    return found;
}

// Declarations of testing::TestEventListener in gtest.h, two slots for the destructor before them:
//   1.8.0, 1.8.1    13 functions: ... CaseStart, TestStart, PartResult, TestEnd, CaseEnd ...
//   1.10.0, 1.11.0  15: SuiteStart, CaseStart, TestStart, ..., TestEnd, SuiteEnd, CaseEnd ...
//   1.12.0 to 1.15  16: the same with OnTestDisabled after OnTestStart
// GTEST_REMOVE_LEGACY_TEST_CASEAPI_ takes the two of a TestCase out again: 13 and 14. So the number
// tells all: 15 slots and one more with OnTestDisabled, two more with the functions of a TestCase.
std::vector<ListenerSlot> listener_slots(std::size_t table_size) {
    constexpr std::size_t kSmallest = 15;
    if (table_size < kSmallest || table_size > kSmallest + 3) return {};
    const std::size_t disabled = (table_size - kSmallest) % 2;
    const std::size_t legacy = (table_size - kSmallest) / 2;
    const std::size_t test_start = 7 + legacy;
    const std::size_t test_end = test_start + disabled + 2;  // OnTestPartResult in between
    const std::size_t suite_end = test_end + 1;
    const std::size_t tear_down = suite_end + legacy + 1;
    return {{TestSiteKind::program_start, 2},
            {TestSiteKind::iteration_start, 3},
            {TestSiteKind::environments_set_up_start, 4},
            {TestSiteKind::environments_set_up_end, 5},
            {TestSiteKind::suite_start, 6},
            {TestSiteKind::test_start, test_start},
            {TestSiteKind::test_end, test_end},
            {TestSiteKind::suite_end, suite_end},
            {TestSiteKind::environments_tear_down_start, tear_down},
            {TestSiteKind::environments_tear_down_end, tear_down + 1},
            {TestSiteKind::program_end, tear_down + 3}};  // OnTestIterationEnd in between
}

std::vector<VirtualSite> repeater_functions(const ElfFile& file) {
    const PointerTable pointers(file);
    const auto functions = virtual_functions(file, pointers, kRepeaterTypeName);
    // Pointers of something else may follow the table; two tables are not followed by the same
    // number.
    if (functions.size() != virtual_functions(file, pointers, kPrinterTypeName).size()) return {};
    std::vector<VirtualSite> sites;
    for (const ListenerSlot& slot : listener_slots(functions.size())) {
        sites.push_back({slot.kind, functions[slot.slot]});
    }
    return all_different(sites) ? sites : std::vector<VirtualSite>{};
}

}  // namespace leakcheck::elf
