// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/test_bodies.hpp"

#include <algorithm>
#include <string_view>

#include "runner/elf/demangle.hpp"

namespace leakcheck::elf {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kMangledEnd = "8TestBodyEv";
constexpr std::string_view kMethod = "::TestBody()";

std::vector<std::string> split_at_slashes(const std::string& name) {
    std::vector<std::string> parts;
    std::size_t start = 0;
    for (std::size_t slash; (slash = name.find('/', start)) != std::string::npos;
         start = slash + 1) {
        parts.push_back(name.substr(start, slash - start));
    }
    parts.push_back(name.substr(start));
    return parts;
}

// "ns::Class<int, A<b> >" -> "ns::Class".
std::string_view without_template_arguments(std::string_view name) {
    if (!name.ends_with('>')) return name;
    int open = 0;
    for (std::size_t i = name.size(); i-- > 0;) {
        if (name[i] == '>') ++open;
        if (name[i] == '<' && --open == 0) return name.substr(0, i);
    }
    return name;
}

// The last component of a qualified name, and what stands before it.
std::pair<std::string_view, std::string_view> split_scope(std::string_view name) {
    const std::size_t colons = name.rfind("::");
    if (colons == std::string_view::npos) return {{}, name};
    return {name.substr(0, colons), name.substr(colons + 2)};
}

bool is_typed_test_namespace(std::string_view name) {
    return (name.starts_with("gtest_suite_"sv) || name.starts_with("gtest_case_"sv)) &&
           name.ends_with('_');
}

// The suite's own name among the parts around it: GoogleTest puts the prefix of an instantiation
// before it and the number or name of a type after it.
std::vector<std::string> suite_candidates(const std::string& suite, bool value_parameterised) {
    std::vector<std::string> parts = split_at_slashes(suite);
    if (value_parameterised) {
        std::reverse(parts.begin(), parts.end());
    } else if (parts.size() == 3) {
        std::swap(parts[0], parts[1]);
    }
    return parts;
}

}  // namespace

std::string test_class_of(const char* symbol) {
    const std::string_view mangled = symbol;
    if (!mangled.starts_with("_ZN"sv) || !mangled.ends_with(kMangledEnd)) return {};
    const std::string demangled = demangle(symbol);
    std::string_view name = demangled;
    if (!name.ends_with(kMethod)) return {};
    name.remove_suffix(kMethod.size());
    const auto [scope, test_class] = split_scope(without_template_arguments(name));
    const std::string_view enclosing = split_scope(scope).second;
    if (is_typed_test_namespace(enclosing)) {
        return std::string(enclosing) + "::" + std::string(test_class);
    }
    return std::string(test_class);
}

std::vector<std::string> test_classes(const std::string& suite, const std::string& test) {
    const std::string plain_test = test.substr(0, test.find('/'));
    std::vector<std::string> classes;
    for (const std::string& part : suite_candidates(suite, plain_test.size() != test.size())) {
        classes.push_back(part + "_" + plain_test + "_Test");
        classes.push_back("gtest_suite_" + part + "_::" + plain_test);
        classes.push_back("gtest_case_" + part + "_::" + plain_test);
    }
    return classes;
}

void TestBodyIndex::add(const char* symbol, const TestBody& body) {
    std::string test_class = test_class_of(symbol);
    if (!test_class.empty()) bodies_.emplace(std::move(test_class), body);
}

const TestBody* TestBodyIndex::find(const std::string& suite, const std::string& test) const {
    for (const std::string& test_class : test_classes(suite, test)) {
        const auto found = bodies_.find(test_class);
        if (found != bodies_.end()) return &found->second;
    }
    return nullptr;
}

}  // namespace leakcheck::elf
