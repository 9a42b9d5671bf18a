// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/gtest_symbols.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "runner/elf/symbol_table.hpp"

namespace leakcheck::elf {
namespace {

using namespace std::string_view_literals;

struct RepeaterMethod {
    std::string_view name;  // as mangled: length, then the name
    TestSiteKind kind;
};

// OnTestCaseStart and OnTestCaseEnd come last: where both names exist, GoogleTest calls both, and
// only the first found of a kind is kept.
constexpr std::array kRepeaterMethods{
    RepeaterMethod{"18OnTestProgramStartE", TestSiteKind::program_start},
    RepeaterMethod{"20OnTestIterationStartE", TestSiteKind::iteration_start},
    RepeaterMethod{"24OnEnvironmentsSetUpStartE", TestSiteKind::environments_set_up_start},
    RepeaterMethod{"22OnEnvironmentsSetUpEndE", TestSiteKind::environments_set_up_end},
    RepeaterMethod{"16OnTestSuiteStartE", TestSiteKind::suite_start},
    RepeaterMethod{"11OnTestStartE", TestSiteKind::test_start},
    RepeaterMethod{"9OnTestEndE", TestSiteKind::test_end},
    RepeaterMethod{"14OnTestSuiteEndE", TestSiteKind::suite_end},
    RepeaterMethod{"27OnEnvironmentsTearDownStartE", TestSiteKind::environments_tear_down_start},
    RepeaterMethod{"25OnEnvironmentsTearDownEndE", TestSiteKind::environments_tear_down_end},
    RepeaterMethod{"16OnTestProgramEndE", TestSiteKind::program_end},
    RepeaterMethod{"15OnTestCaseStartE", TestSiteKind::suite_start},
    RepeaterMethod{"13OnTestCaseEndE", TestSiteKind::suite_end},
};

constexpr std::string_view kTesting = "_ZN7testing";
constexpr std::string_view kRepeater = "_ZN7testing8internal17TestEventRepeater";
constexpr std::string_view kTestInfoRun = "_ZN7testing8TestInfo3RunEv";
constexpr std::string_view kUnitTestRun = "_ZN7testing8UnitTest3RunEv";
constexpr std::string_view kLibcxxTypeName = "NSt3__1";  // in typeinfo names of a static libc++
constexpr std::string_view kTestInfo = "_ZN7testing8TestInfoC";

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// Split-off cold parts and specialised copies of a function are not the function; link-time
// optimisation renames local ones.
bool is_whole_function(std::string_view name) {
    const std::size_t dot = name.find('.');
    return dot == std::string_view::npos || name.substr(dot).starts_with(".lto_priv"sv);
}

// libc++ puts its types into an inline namespace of its own (std::__1; __ndk1 on Android, __Cr in
// Chromium).
bool is_libcxx_name(std::string_view name) {
    return contains(name, "St3__1"sv) || contains(name, "St6__ndk1"sv) ||
           contains(name, "St4__Cr"sv);
}

std::optional<StringLayout> layout_of_parameters(std::string_view name) {
    if (is_libcxx_name(name)) return StringLayout::libcxx;
    if (contains(name, "__cxx1112basic_string"sv)) return StringLayout::libstdcxx;
    // "Ss" is the old std::string; TestInfo's constructor takes it first, by reference or by value.
    const bool old =
        name.starts_with(kTestInfo) && (contains(name, "ERKSs"sv) || contains(name, "ESs"sv));
    return old ? std::optional(StringLayout::libstdcxx_cow) : std::nullopt;
}

class Collector {
  public:
    void add(const Symbol& symbol) {
        const std::string_view name = symbol.name;
        if (!name.starts_with(kTesting) || !is_whole_function(name)) return;
        if (!result.strings) result.strings = layout_of_parameters(name);
        if (name.starts_with(kRepeater)) {
            add_method(name.substr(kRepeater.size()), symbol.address);
        } else if (name.starts_with(kTestInfoRun)) {
            if (!result.test_info_run) result.test_info_run = symbol.address;
        } else if (name.starts_with(kUnitTestRun)) {
            result.any = true;
        }
    }

    GtestSymbols finish() {
        for (std::size_t i = 0; i < kRepeaterMethods.size(); ++i) {
            if (methods_[i] != 0) result.repeater.emplace(kRepeaterMethods[i].kind, methods_[i]);
        }
        result.any = result.any || !result.repeater.empty() || result.test_info_run;
        return std::move(result);
    }

    GtestSymbols result;

  private:
    void add_method(std::string_view rest, std::uint64_t address) {
        for (std::size_t i = 0; i < kRepeaterMethods.size(); ++i) {
            if (rest.starts_with(kRepeaterMethods[i].name) && methods_[i] == 0)
                methods_[i] = address;
        }
    }

    std::array<std::uint64_t, kRepeaterMethods.size()> methods_{};
};

void for_each_own_symbol(const ElfFile& file, const SymbolFn& visit) {
    for (const std::uint32_t table : {SHT_SYMTAB, SHT_DYNSYM}) {
        file.for_each_symbol(table, [&](const char* name, const GElf_Sym& symbol) {
            if (symbol.st_shndx == SHN_UNDEF || !file.is_code(symbol.st_value)) return;
            visit({name, symbol.st_value, symbol.st_size, true, 0});
        });
    }
}

bool links_libcxx(const ElfFile& file) {
    const std::vector<std::string> needed = file.dynamic_strings(DT_NEEDED);
    return std::any_of(needed.begin(), needed.end(), [](const std::string& library) {
        return std::string_view(library).starts_with("libc++.so"sv);
    });
}

}  // namespace

GtestSymbols gtest_symbols(const ElfFile& file, const DebugSession* session) {
    Collector collector;
    const SymbolFn add = [&](const Symbol& symbol) { collector.add(symbol); };
    for_each_own_symbol(file, add);
    if (session != nullptr) for_each_symbol(*session, file, SymbolKind::function, add);
    return collector.finish();
}

StringLayout imported_string_layout(const ElfFile& file) {
    if (links_libcxx(file)) return StringLayout::libcxx;
    bool libcxx = false;
    bool current = false;
    bool old = false;
    file.for_each_symbol(SHT_DYNSYM, [&](const char* symbol, const GElf_Sym&) {
        const std::string_view name = symbol;
        libcxx = libcxx || is_libcxx_name(name);
        current = current || contains(name, "__cxx1112basic_string"sv);
        old = old || name.starts_with("_ZNSs"sv) || name.starts_with("_ZNKSs"sv);
    });
    if (current) return StringLayout::libstdcxx;
    if (libcxx || file.loads(kLibcxxTypeName)) return StringLayout::libcxx;
    return old ? StringLayout::libstdcxx_cow : StringLayout::libstdcxx;
}

}  // namespace leakcheck::elf
