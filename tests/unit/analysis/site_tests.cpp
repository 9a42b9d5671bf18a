// SPDX-License-Identifier: Apache-2.0
#include "analysis/site.hpp"

#include <gtest/gtest.h>

#include "tests/unit/analysis/run_builder.hpp"

namespace leakcheck {
namespace {

using testing_support::frame;
using testing_support::module_frame;
using testing_support::own_frame;

Frame library_frame(const std::string& module, const std::string& function = "") {
    Frame result = module_frame(module, 0x1234);
    result.function = function;
    return result;
}

Frame inlined(Frame result) {
    result.inlined = true;
    return result;
}

const Frame test_body = own_frame("Suite_Leaks_Test::TestBody()", "tests/a.cpp", 12);
const Frame run_test = frame("testing::Test::Run()");
const Frame own_main = own_frame("main", "tests/main.cpp", 5);
const Frame libc_start = library_frame("/lib/libc.so.6", "__libc_start_main");

struct SiteCase {
    const char* what;
    std::vector<Frame> stack;
    std::size_t expected;
};

void PrintTo(const SiteCase& c, std::ostream* out) {
    *out << c.what;
}

class Site : public testing::TestWithParam<SiteCase> {};

TEST_P(Site, IsFound) {
    EXPECT_EQ(find_site_frame(GetParam().stack, {}), GetParam().expected);
}

const SiteCase cases[] = {
    {"nothing", {}, 0},
    {"new in a test", {test_body, run_test, own_main, libc_start}, 0},
    {"operator new in front", {frame("operator new(unsigned long)"), test_body, run_test}, 1},
    {"vector growing",
     {frame("__gnu_cxx::new_allocator<int>::allocate(unsigned long, void const*)"),
      frame("std::_Vector_base<int, std::allocator<int> >::_M_allocate(unsigned long)"),
      frame("void std::vector<int, std::allocator<int> >::_M_realloc_insert<int>(int&&)"),
      frame("std::vector<int, std::allocator<int> >::push_back(int&&)"), test_body, run_test},
     4},
    {"string in libstdc++",
     {library_frame("/usr/lib/libstdc++.so.6", "std::string::_M_create(unsigned long&)"),
      library_frame("/usr/lib/libstdc++.so.6", "std::string::append(char const*)"), test_body},
     2},
    {"string in libstdc++ without symbols",
     {library_frame("/usr/lib/libstdc++.so.6"), test_body},
     1},
    {"make_unique inlined into the test",
     {inlined(frame("std::unique_ptr<Foo> std::make_unique<Foo>()")), test_body, run_test},
     1},
    {"make_shared",
     {frame("std::__shared_count<>::__shared_count<Foo>(Foo*&)"),
      frame("std::shared_ptr<Foo> std::make_shared<Foo>()"), test_body},
     2},
    {"own function inlined into own function",
     {inlined(own_frame("make_node()", "src/tree.cpp", 8)), test_body},
     0},
    {"strdup in libc", {library_frame("/lib/libc.so.6", "strdup"), test_body}, 1},
    {"getline in libc",
     {library_frame("/lib/libc.so.6", "getdelim"), library_frame("/lib/libc.so.6", "getline"),
      test_body},
     2},
    {"strdup in a static program", {frame("strdup"), test_body}, 1},
    {"third-party library called from the project",
     {library_frame("/usr/lib/libxml2.so.2", "xmlNewDoc"), test_body},
     1},
    {"third-party library without any own frame",
     {library_frame("/lib/libc.so.6"), library_frame("/usr/lib/libxml2.so.2", "xmlNewDoc"),
      library_frame("/usr/lib/libxml2.so.2", "xmlParse")},
     1},
    {"vendored code called from the project",
     {own_frame("cJSON_New", "third_party/cJSON.c", 3), test_body},
     1},
    {"vendored code alone",
     {frame("malloc"), own_frame("cJSON_New", "third_party/cJSON.c", 3), libc_start},
     1},
    {"own template in a header",
     {own_frame("void my::List<std::string>::add<char>(char)", "src/list.hpp", 40), test_body},
     0},
    {"own lambda called by std::function",
     {own_frame("f()::{lambda()#1}::operator()() const", "src/f.cpp", 9),
      frame("std::_Function_handler<void (), f()::{lambda()#1}>::_M_invoke(std::_Any_data const&)"),
      test_body},
     0},
    {"own function that returns a vector",
     {frame("malloc"), frame("std::vector<int> make<int>(int)")},
     1},
    {"no debug information: function names only",
     {frame("operator new(unsigned long)"), frame("Suite_Leaks_Test::TestBody()"), run_test,
      frame("main")},
     1},
    {"no symbols: modules only",
     {module_frame("/lib/libc.so.6", 0x10), module_frame("/opt/app", 0x20),
      module_frame("/opt/app", 0x30)},
     1},
    {"address without a module in front", {Frame{}, test_body}, 1},
    {"address without a module in front of a library",
     {Frame{}, library_frame("/usr/lib/libxml2.so.2")},
     1},
    {"address without a module and GoogleTest", {frame("malloc"), Frame{}, run_test}, 1},
    {"GoogleTest called by the test",
     {frame("testing::Message::Message()"), test_body, run_test},
     1},
    {"GoogleTest's own allocation",
     {frame("operator new(unsigned long)"),
      frame("testing::internal::UnitTestImpl::UnitTestImpl()"), libc_start},
     1},
    {"a library's function rather than the main() that runs all tests",
     {library_frame("/usr/lib/libxml2.so.2", "xmlNewDoc"), run_test, own_main},
     0},
    {"main() where no test is running", {frame("malloc"), own_main, libc_start}, 1},
    {"main() where nothing else is known", {frame("malloc"), run_test, own_main, libc_start}, 2},
    {"nothing but the machinery", {frame("malloc"), libc_start}, 0},
    {"static constructor",
     {frame("operator new(unsigned long)"),
      own_frame("__static_initialization_and_destruction_0(int, int)", "src/g.cpp", 4),
      own_frame("_GLOBAL__sub_I_registry", "src/g.cpp", 9), libc_start},
     1},
    {"thread",
     {own_frame("work()", "src/w.cpp", 3), frame("void std::__invoke_impl<void, void (*)()>()"),
      library_frame("/usr/lib/libstdc++.so.6"), library_frame("/lib/libc.so.6", "start_thread")},
     0},
};
INSTANTIATE_TEST_SUITE_P(Stacks, Site, testing::ValuesIn(cases));

TEST(SiteWithoutWhatIsNotMine, IsTheCaller) {
    const std::vector<Frame> stack{
        frame("malloc"), own_frame("gen::parse()", "src/gen/parser.cpp", 3), test_body, run_test};
    EXPECT_EQ(find_site_frame(stack, {}), 1u);
    EXPECT_EQ(find_site_frame(stack, FileGlobs({"src/gen"})), 2u);
    EXPECT_EQ(find_site_frame(stack, FileGlobs({"src/*/parser.?pp"})), 2u);
    EXPECT_EQ(find_site_frame(stack, FileGlobs({"gen"})), 1u);
}

TEST(SiteWithoutWhatIsNotMine, IsLikeVendoredCodeWhereNothingElseIsThere) {
    const std::vector<Frame> stack{frame("malloc"),
                                   own_frame("gen::parse()", "src/gen/parser.cpp", 3), libc_start};
    EXPECT_EQ(find_site_frame(stack, FileGlobs({"**"})), 1u);
}

TEST(SiteWithoutWhatIsNotMine, LooksAtProjectFilesAlone) {
    const std::vector<Frame> stack{frame("xml::parse()", "/usr/src/xml/parse.cpp", 3), libc_start};
    EXPECT_EQ(find_site_frame(stack, FileGlobs({"**"})), 0u);
}

TEST(FramesInsideTest, EndWhereGoogleTestCallsTheTest) {
    EXPECT_EQ(count_frames_inside_test({test_body, run_test, own_main}), 1u);
    EXPECT_EQ(count_frames_inside_test({own_main, libc_start}), 2u);
    EXPECT_EQ(count_frames_inside_test({}), 0u);
}

}  // namespace
}  // namespace leakcheck
