// SPDX-License-Identifier: Apache-2.0
//
// GoogleTest generates a class with a method TestBody() for each test. This finds a test's class by
// its name. Thread safety: none. Errors: a name that fits no class gives an empty list. Source of
// the names: gtest-internal.h (GTEST_TEST_CLASS_NAME_) and gtest-typed-test.h
// (GTEST_SUITE_NAMESPACE_, before 1.10 GTEST_CASE_NAMESPACE_) of GoogleTest 1.8 to 1.15.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace leakcheck::elf {

// The class in whose scope a mangled TestBody() stands, without namespaces and template arguments:
// "Suite_Test_Test"; for type-parameterised tests with their namespace: "gtest_suite_Suite_::Test".
// Empty for every other symbol.
std::string test_class_of(const char* symbol);

// The classes that a test of this name may have, the most likely first.
std::vector<std::string> test_classes(const std::string& suite, const std::string& test);

struct TestBody {
    std::size_t module = 0;     // index given by the caller
    std::uint64_t address = 0;  // of the code, module's own
};

class TestBodyIndex {
  public:
    // Of two bodies of one class the first one added is kept.
    void add(const char* symbol, const TestBody& body);
    // Null when there is no such test.
    const TestBody* find(const std::string& suite, const std::string& test) const;

  private:
    std::unordered_map<std::string, TestBody> bodies_;
};

}  // namespace leakcheck::elf
