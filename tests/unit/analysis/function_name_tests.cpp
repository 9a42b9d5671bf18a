// SPDX-License-Identifier: Apache-2.0
#include "analysis/function_name.hpp"

#include <gtest/gtest.h>

#include <random>

namespace leakcheck {
namespace {

struct NameCase {
    const char* function;
    const char* expected;
};

void PrintTo(const NameCase& c, std::ostream* out) {
    *out << c.function;
}

class QualifiedName : public testing::TestWithParam<NameCase> {};

TEST_P(QualifiedName, IsFound) {
    EXPECT_EQ(qualified_name(GetParam().function), GetParam().expected);
}

constexpr NameCase qualified_cases[] = {
    {"", ""},
    {"malloc", "malloc"},
    {"main", "main"},
    {"foo(int, char**)", "foo"},
    {"ns::Foo::bar() const", "ns::Foo::bar"},
    {"operator new(unsigned long)", "operator new"},
    {"operator new[](unsigned long, std::nothrow_t const&)", "operator new[]"},
    {"Pool::operator new(unsigned long)", "Pool::operator new"},
    {"Foo::operator()(int) const", "Foo::operator()"},
    {"Foo::operator<(Foo const&) const", "Foo::operator<"},
    {"std::ostream& operator<< <char>(std::ostream&, char)", "operator<< <char>"},
    {"Foo::operator->()", "Foo::operator->"},
    {"Foo::operator[](unsigned long)", "Foo::operator[]"},
    {"Foo::operator std::vector<int>() const", "Foo::operator std::vector<int>"},
    {"operator\"\" _kb(unsigned long long)", "operator\"\" _kb"},
    {"operators::add(int)", "operators::add"},
    {"my_operator(int)", "my_operator"},
    {"void ns::f<int>(int)", "ns::f<int>"},
    {"std::vector<int, std::allocator<int> > make<int>(int)", "make<int>"},
    {"void std::vector<int, std::allocator<int> >::_M_realloc_insert<int>(int&&)",
     "std::vector<int, std::allocator<int> >::_M_realloc_insert<int>"},
    {"(anonymous namespace)::helper(int)", "(anonymous namespace)::helper"},
    {"ns::(anonymous namespace)::helper()", "ns::(anonymous namespace)::helper"},
    {"decltype(auto) ns::f<int>(int)", "ns::f<int>"},
    {"decltype ((a)->b) ns::f<int>(int)", "ns::f<int>"},
    {"Foo::bar(int)::{lambda(int)#1}::operator()(int) const",
     "Foo::bar(int)::{lambda(int)#1}::operator()"},
    {"Foo::bar() const::{lambda()#2}::operator()() const",
     "Foo::bar() const::{lambda()#2}::operator()"},
    {"f(int)::Local::g(char)", "f(int)::Local::g"},
    {"f[abi:cxx11](int)", "f[abi:cxx11]"},
    {"Foo::name[abi:cxx11]() const", "Foo::name[abi:cxx11]"},
    {"std::_Function_handler<void (int), f()::{lambda(int)#1}>::_M_invoke(std::_Any_data const&)",
     "std::_Function_handler<void (int), f()::{lambda(int)#1}>::_M_invoke"},
    {"void call<&Foo::operator< >(Foo)", "call<&Foo::operator< >"},
    {"Array<(a > b)>::grow()", "Array<(a > b)>::grow"},
    {"non-virtual thunk to Foo::bar()", "Foo::bar"},
    {"f(int) [clone .cold]", "f"},
    {"std::unique_ptr<Foo, std::default_delete<Foo> > std::make_unique<Foo>()",
     "std::make_unique<Foo>"},
};
INSTANTIATE_TEST_SUITE_P(Names, QualifiedName, testing::ValuesIn(qualified_cases));

class StableName : public testing::TestWithParam<NameCase> {};

TEST_P(StableName, IsFound) {
    EXPECT_EQ(stable_name(GetParam().function), GetParam().expected);
}

constexpr NameCase stable_cases[] = {
    {"", ""},
    {"f(int)", "f"},
    {"f(int) [clone .constprop.0]", "f"},
    {"f(int) [clone .isra.0] [clone .cold]", "f"},
    {"f.constprop.0", "f"},
    {"f.part.12.cold", "f"},
    {"f.isra.0", "f"},
    {"f.cold", "f"},
    {"f.lto_priv.3", "f"},
    {"f.llvm.1234567890", "f"},
    {"f.colder", "f.colder"},
    {"f.generated", "f.generated"},
    {"malloc@@GLIBC_2.2.5", "malloc"},
    {"malloc@GLIBC_2.2.5", "malloc"},
    {"f()::{lambda(int)#1}::operator()(int) const", "{lambda}"},
    {"f()::{lambda(g()::{lambda()#1})#2}::operator()() const", "{lambda}"},
    {"f()::$_3::operator()() const", "{lambda}"},
    {"f()::<lambda(int)>::operator()<long>(long) const", "{lambda}"},
    {"TestBody::(anonymous)::operator()", "{lambda}"},
    {"Functor::operator()(int) const", "Functor::operator()"},
    {"void apply<f()::{lambda(int)#27}>(f()::{lambda(int)#27})", "apply<f()::$_>"},
    {"void apply<f()::$_0>(f()::$_0)", "apply<f()::$_>"},
    {"apply<f()::<lambda(int)> >", "apply<f()::$_>"},
    {"known::Node<66>* known::by_template<known::Node<66> >()",
     "known::by_template<known::Node<66>>"},
    {"f()::{unnamed type#3}::g()", "f()::{unnamed type}::g"},
    {"{lambda(", "{lambda("},
    {"price$_tag", "price$_tag"},
    {"(anonymous namespace)::f()", "(anonymous namespace)::f"},
    {"name[abi:cxx11]()", "name[abi:cxx11]"},
    {"matrix4x4::scale(float)", "matrix4x4::scale"},
    {"f<3>()", "f<3>"},
    {"#12", "#12"},
    {"@", "@"},
};
INSTANTIATE_TEST_SUITE_P(Names, StableName, testing::ValuesIn(stable_cases));

TEST(FunctionName, SurvivesAnyText) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    const std::string alphabet = "a:<>(){}[] #$_.@\"0-&operator";
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        for (unsigned length = random() % 24; length > 0; --length) {
            text += random() % 8 == 0 ? "operator"
                                      : std::string(1, alphabet[random() % alphabet.size()]);
        }
        EXPECT_LE(qualified_name(text).size(), text.size());
        EXPECT_LE(stable_name(text).size(), text.size());
    }
}

TEST(FunctionName, SurvivesDeepNesting) {
    const std::string deep(1'000'000, '(');
    EXPECT_LE(qualified_name("f" + deep).size(), deep.size() + 1);
    EXPECT_LE(qualified_name("f" + std::string(1'000'000, '<')).size(), deep.size() + 1);
}

}  // namespace
}  // namespace leakcheck
