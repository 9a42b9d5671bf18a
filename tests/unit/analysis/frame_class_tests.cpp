// SPDX-License-Identifier: Apache-2.0
#include "analysis/frame_class.hpp"

#include <gtest/gtest.h>

namespace leakcheck {
namespace {

struct ClassCase {
    FrameClass expected;
    const char* function;
    const char* module;
    const char* file = "";
    bool in_project = false;
};

void PrintTo(const ClassCase& c, std::ostream* out) {
    *out << c.function << " in " << c.module << " at " << c.file;
}

class ClassifyFrame : public testing::TestWithParam<ClassCase> {};

TEST_P(ClassifyFrame, TellsWhoseCodeItIs) {
    Frame frame;
    frame.function = GetParam().function;
    frame.module = GetParam().module;
    frame.file = GetParam().file;
    frame.in_project = GetParam().in_project;
    EXPECT_EQ(classify_frame(frame), GetParam().expected);
}

constexpr ClassCase cases[] = {
    {FrameClass::sampler, "malloc", "/tmp/libleakcheck_sampler.so"},
    {FrameClass::sampler, "", "/memfd:leakcheck-sampler (deleted)"},
    {FrameClass::sampler, "leakcheck_probe_alloc", "/opt/app"},
    {FrameClass::other, "run()", "/opt/leakcheck_tests"},

    {FrameClass::allocator, "malloc", "/opt/app"},
    {FrameClass::allocator, "operator new(unsigned long)", "/opt/app"},
    {FrameClass::allocator, "operator new[](unsigned long, std::align_val_t)", "/opt/app"},
    {FrameClass::allocator, "operator new(unsigned long)", "/opt/app", "src/new.cpp", true},
    {FrameClass::allocator, "je_calloc", "/opt/app"},
    {FrameClass::allocator, "tc_newarray", "/opt/app"},
    {FrameClass::allocator, "mi_malloc_aligned", "/opt/app"},
    {FrameClass::allocator, "__libc_memalign", "/opt/app"},
    {FrameClass::allocator, "tcmalloc::allocate_full_malloc_oom(unsigned long)", "/opt/app"},
    {FrameClass::allocator, "prof_alloc", "/usr/lib/libjemalloc.so.2"},
    {FrameClass::allocator, "", "/usr/lib/libtcmalloc_minimal.so.4"},
    {FrameClass::allocator, "", "/usr/lib/libmimalloc-secure.so.2.0"},
    {FrameClass::other, "Pool::operator new(unsigned long)", "/opt/app"},
    {FrameClass::other, "xmalloc", "/opt/app"},
    {FrameClass::other, "mi_function", "/opt/app"},
    {FrameClass::other, "malloc_info_dump", "/opt/app"},

    {FrameClass::c_library, "strdup", "/usr/lib/x86_64-linux-gnu/libc.so.6"},
    {FrameClass::c_library, "", "/lib/libc-2.31.so"},
    {FrameClass::c_library, "", "/lib/ld-linux-x86-64.so.2"},
    {FrameClass::c_library, "", "/lib/ld-2.31.so"},
    {FrameClass::c_library, "__vdso_gettimeofday", "[vdso]"},
    {FrameClass::c_library, "__strdup", "/opt/static_app"},
    {FrameClass::c_library, "getline", "/opt/static_app"},
    {FrameClass::c_library, "_start", "/opt/app"},
    {FrameClass::c_library, "__libc_start_main_impl", "/opt/app"},
    {FrameClass::other, "Mesh::clone() const", "/opt/app"},
    {FrameClass::project, "strdup", "/opt/app", "src/strdup.c", true},
    {FrameClass::other, "curl_easy_init", "/usr/lib/libcurl.so.4"},
    {FrameClass::other, "", "/usr/lib/libc-client.so.2007e"},
    {FrameClass::other, "", "/usr/lib/libcrypto.so.3"},
    {FrameClass::other, "", "/usr/lib/libmosquitto.so.1"},

    {FrameClass::standard_library, "", "/usr/lib/libstdc++.so.6"},
    {FrameClass::standard_library, "", "/usr/lib/libstdc++.so.6.0.30"},
    {FrameClass::standard_library, "", "/usr/lib/libc++.so.1"},
    {FrameClass::standard_library, "", "/usr/lib/libc++abi.so.1"},
    {FrameClass::standard_library, "std::string::_M_create(unsigned long&, unsigned long)",
     "/opt/app"},
    {FrameClass::standard_library, "void std::vector<Foo>::emplace_back<Foo>(Foo&&)", "/opt/app"},
    {FrameClass::standard_library, "__gnu_cxx::new_allocator<int>::allocate(unsigned long)",
     "/opt/app"},
    {FrameClass::standard_library, "std::__1::vector<int>::push_back(int&&)", "/opt/app"},
    {FrameClass::standard_library, "push_back", "/opt/app",
     "/usr/include/c++/12/bits/stl_vector.h"},
    {FrameClass::standard_library, "std::make_unique<Foo>()", "/opt/app",
     "toolchain/include/c++/v1/memory", true},
    {FrameClass::standard_library,
     "std::_Function_handler<void (), f()::{lambda()#1}>::_M_invoke()", "/opt/app"},
    {FrameClass::other, "std::vector<int> make<int>(int)", "/opt/app"},
    {FrameClass::project, "std::hash<Foo>::operator()(Foo const&) const", "/opt/app", "src/foo.hpp",
     true},
    {FrameClass::project, "f()::{lambda()#1}::operator()() const", "/opt/app", "src/f.cpp", true},

    {FrameClass::googletest, "testing::Test::Run()", "/opt/app"},
    {FrameClass::googletest, "testing::internal::TestFactoryImpl<A_b_Test>::CreateTest()",
     "/opt/app", "/usr/include/gtest/internal/gtest-internal.h"},
    {FrameClass::googletest, "testing::Message::Message()", "/opt/app",
     "build/_deps/googletest-src/googletest/src/gtest.cc", true},
    {FrameClass::googletest, "main", "/opt/app", "./googletest/src/gtest_main.cc"},
    {FrameClass::googletest, "", "/usr/lib/libgtest.so.1.12.1"},
    {FrameClass::googletest, "", "/usr/lib/libgmock_main.so"},
    {FrameClass::project, "A_b_Test::TestBody()", "/opt/app", "tests/a.cpp", true},
    {FrameClass::project, "A_b_Test::TestBody()", "/opt/app", "tests/googletest/src/gtest_a.cpp",
     true},
    {FrameClass::project, "testing::my_helper()", "/opt/app", "tests/helper.cpp", true},

    {FrameClass::unknown, "", ""},
    {FrameClass::other, "", "/opt/app"},
    {FrameClass::other, "f", ""},
    {FrameClass::vendored, "json_parse", "/opt/app", "third_party/json/json.c", true},
    {FrameClass::vendored, "f", "/opt/app", "build/_deps/lib-src/f.c", true},
    {FrameClass::vendored, "f", "/opt/app", "vendor/f.c", true},
    {FrameClass::project, "f", "/opt/app", "src/vendor.c", true},
    {FrameClass::project, "f", "/opt/app", "vendors/f.c", true},
    {FrameClass::project, "f()", "/opt/app", "src/f.cpp", true},
};
INSTANTIATE_TEST_SUITE_P(Frames, ClassifyFrame, testing::ValuesIn(cases));

TEST(DrivesTests, KnowsWhereGoogleTestCallsATest) {
    Frame frame;
    frame.function = "testing::Test::Run()";
    EXPECT_TRUE(drives_tests(frame));
    frame.function = "testing::TestInfo::Run()";
    EXPECT_TRUE(drives_tests(frame));
    frame.function = "RUN_ALL_TESTS()";
    EXPECT_TRUE(drives_tests(frame));
    frame.function = "testing::Message::Message()";
    EXPECT_FALSE(drives_tests(frame));
    frame.function = "A_b_Test::TestBody()";
    EXPECT_FALSE(drives_tests(frame));
}

TEST(FileName, IsBehindTheLastSlash) {
    EXPECT_EQ(file_name("/usr/lib/libc.so.6"), "libc.so.6");
    EXPECT_EQ(file_name("a.out"), "a.out");
    EXPECT_EQ(file_name("dir/"), "");
    EXPECT_EQ(file_name(""), "");
}

}  // namespace
}  // namespace leakcheck
