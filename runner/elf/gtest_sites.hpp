// SPDX-License-Identifier: Apache-2.0
//
// Where an unmodified GoogleTest program tells what it is running: the instructions to probe in an ELF
// object (a program with GoogleTest in it, or libgtest.so), found by symbol, for GoogleTest 1.8 to 1.15.
// testing::internal::TestEventRepeater calls every listener, in every version, by virtual dispatch, so its
// methods bracket tests, suites and environments exactly. Where only testing::TestInfo::Run is to be
// found, it marks the beginnings.
// Thread safety: free functions without state. Errors: an object that cannot be read or has no GoogleTest
// gives an empty list; `note` says why tests cannot be told apart when GoogleTest is there but no site is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace leakcheck {

enum class TestSiteKind : std::uint32_t {
    program_start = 0,    // OnTestProgramStart(UnitTest const&)
    iteration_start = 1,  // OnTestIterationStart(UnitTest const&, int)
    environments_set_up_start = 2,
    environments_set_up_end = 3,
    suite_start = 4,  // OnTestSuiteStart(TestSuite const&), before 1.10 OnTestCaseStart
    test_start = 5,   // OnTestStart(TestInfo const&)
    test_end = 6,     // OnTestEnd(TestInfo const&)
    suite_end = 7,
    environments_tear_down_start = 8,
    environments_tear_down_end = 9,
    program_end = 10,
    test_run = 11,  // testing::TestInfo::Run(): only where test_start is not to be had
};

// How the object's std::string is laid out (sizes in bytes).
enum class StringLayout : std::uint32_t {
    libstdcxx = 0,      // 32: pointer, length, buffer
    libstdcxx_cow = 1,  // 8: pointer to characters
    libcxx =
        2,  // 24: lowest bit of the first byte set: {capacity, size, pointer}; else {size<<1, characters}
};

struct TestSite {
    TestSiteKind kind{};
    std::uint64_t file_offset = 0;  // where the uprobe goes: offset in the file, bytes
    std::uint32_t object_argument =
        1;  // which integer argument points to the TestInfo or TestSuite: 0 rdi, 1 rsi
    std::uint32_t suite_offset = 0;  // of the suite's name (std::string) in that object, bytes
    std::uint32_t test_offset = 0;   // of the test's name; only for test_* kinds
    StringLayout strings{};
};

struct TestSites {
    bool has_googletest = false;  // the object holds GoogleTest's code
    std::vector<TestSite> sites;  // empty when it cannot be probed
    std::string note;             // why not, one line; empty when sites were found
};

TestSites find_test_sites(const std::filesystem::path& object);

}  // namespace leakcheck
