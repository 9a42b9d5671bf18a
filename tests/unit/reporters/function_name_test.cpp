// SPDX-License-Identifier: Apache-2.0
#include "reporters/function_name.hpp"

#include <gtest/gtest.h>

#include <random>

namespace leakcheck {
namespace {

std::string readable(std::string_view name) {
    return readable_function(name, 200);
}

TEST(FunctionName, KeepsSimpleNames) {
    for (const char* name :
         {"main", "List::append(int, char const*) const", "ns::f<int>(int)", "??",
          "(anonymous namespace)::registry()", "f()::{lambda(int)#2}::operator()(int) const"}) {
        EXPECT_EQ(readable(name), name);
    }
}

TEST(FunctionName, DropsDefaultedArguments) {
    EXPECT_EQ(readable("std::vector<int, std::allocator<int> >::push_back(int&&)"),
              "std::vector<int>::push_back(int&&)");
    EXPECT_EQ(readable("std::map<int, Item, std::less<int>, std::allocator<std::pair<int const, "
                       "Item> > >::at(int)"),
              "std::map<int, Item>::at(int)");
    EXPECT_EQ(readable("f(std::vector<Item, std::allocator<Item> > const&)"),
              "f(std::vector<Item> const&)");
    EXPECT_EQ(readable("std::allocator<int>::allocate(unsigned long)"),
              "std::allocator<int>::allocate(unsigned long)");
}

TEST(FunctionName, NamesStringsAsPeopleDo) {
    EXPECT_EQ(
        readable(
            "f(std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >)"),
        "f(std::string)");
    EXPECT_EQ(readable("std::__cxx11::list<int, std::allocator<int> >::clear()"),
              "std::list<int>::clear()");
}

TEST(FunctionName, ShortensLongArguments) {
    EXPECT_EQ(readable("make<VeryLongTypeNameNumberOne, VeryLongTypeNameNumberTwo>(int)"),
              "make<...>(int)");
    EXPECT_EQ(readable("a<b<VeryLongTypeNameNumberOne, VeryLongTypeNameNumberTwo>, c>::d()"),
              "a<b<...>, c>::d()");
}

TEST(FunctionName, TellsOperatorsFromBrackets) {
    EXPECT_EQ(readable("bool operator< <int>(A<int> const&, A<int> const&)"),
              "bool operator< <int>(A<int> const&, A<int> const&)");
    EXPECT_EQ(readable("operator<<(std::ostream&, X<int, std::allocator<int> >)"),
              "operator<<(std::ostream&, X<int>)");
    EXPECT_EQ(readable("P<int, std::allocator<int> >::operator->() const"),
              "P<int>::operator->() const");
    EXPECT_EQ(readable("operator<=> <int>(int)"), "operator<=> <int>(int)");
    EXPECT_EQ(readable("my_operator<int, std::hash<int> >()"), "my_operator<int>()");
    EXPECT_EQ(readable("f<(1>0), std::less<int> >()"), "f<(1>0)>()");
}

TEST(FunctionName, DropsParametersBeforeItCutsTheEnd) {
    const std::string parameters(100, 'p');
    EXPECT_EQ(readable_function("Class::method(" + parameters + ") const", 40),
              "Class::method(...) const");
    EXPECT_EQ(readable_function(std::string(100, 'n') + "(int)", 20), std::string(17, 'n') + "...");
}

TEST(FunctionName, BoundsDeepNesting) {
    std::string name;
    for (int depth = 0; depth < 10000; ++depth) name += "W<";
    name += "int" + std::string(10000, '>') + "::f()";
    const std::string text = readable_function(name, 100);
    EXPECT_LE(text.size(), 100u);
    EXPECT_EQ(text.substr(text.size() - 5), "::f()");
}

TEST(FunctionName, SurvivesBracketsThatDoNotMatch) {
    for (const char* name : {"f<", "f<<", ">", "f<a>>", "f<(>", "f<,,,", "operator", "operator<",
                             "x->", "<><", "f<a->b"}) {
        EXPECT_LE(readable(name).size(), 200u) << name;
    }
    EXPECT_EQ(readable("f<int"), "f<int");
    EXPECT_EQ(readable(""), "");
}

TEST(FunctionName, RandomNamesStayBounded) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    const std::string alphabet = "a<>(),: -=&*[]{}operator\xff\x1b\n";
    for (int round = 0; round < 5000; ++round) {
        std::string name;
        for (std::size_t length = random() % 120; name.size() < length;) {
            name += random() % 20 == 0 ? "operator"
                                       : std::string(1, alphabet[random() % alphabet.size()]);
        }
        const std::size_t limit = 3 + random() % 60;
        EXPECT_LE(readable_function(name, limit).size(), limit) << name;
    }
}

}  // namespace
}  // namespace leakcheck
