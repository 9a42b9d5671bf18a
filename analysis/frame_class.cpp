// SPDX-License-Identifier: Apache-2.0
#include "analysis/frame_class.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "analysis/function_name.hpp"

namespace leakcheck {
namespace {

bool starts_with(std::string_view text, std::string_view prefix) {
    return text.substr(0, prefix.size()) == prefix;
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

template <class Names>
bool is_one_of(std::string_view text, const Names& names) {
    return std::find(names.begin(), names.end(), text) != names.end();
}

enum class Match { whole, prefix };

struct Library {
    std::string_view name;
    Match match;
    FrameClass frame_class;
};

constexpr std::array<Library, 18> libraries = {{
    {"libjemalloc", Match::prefix, FrameClass::allocator},
    {"libtcmalloc", Match::prefix, FrameClass::allocator},
    {"libmimalloc", Match::prefix, FrameClass::allocator},
    {"libc", Match::whole, FrameClass::c_library},
    {"libm", Match::whole, FrameClass::c_library},
    {"libpthread", Match::whole, FrameClass::c_library},
    {"libdl", Match::whole, FrameClass::c_library},
    {"librt", Match::whole, FrameClass::c_library},
    {"libresolv", Match::whole, FrameClass::c_library},
    {"ld", Match::whole, FrameClass::c_library},
    {"ld-linux", Match::prefix, FrameClass::c_library},
    {"libstdc++", Match::whole, FrameClass::standard_library},
    {"libc++", Match::whole, FrameClass::standard_library},
    {"libc++abi", Match::whole, FrameClass::standard_library},
    {"libgcc_s", Match::whole, FrameClass::standard_library},
    {"libunwind", Match::prefix, FrameClass::standard_library},
    {"libgtest", Match::prefix, FrameClass::googletest},
    {"libgmock", Match::prefix, FrameClass::googletest},
}};

// "libc.so.6" and "libc-2.31.so" are libc; "libcurl.so.4" and "libc-client.so" are not.
bool is_library(std::string_view module, const Library& library) {
    if (!starts_with(module, library.name)) return false;
    if (library.match == Match::prefix) return true;
    const std::string_view rest = module.substr(library.name.size());
    if (starts_with(rest, ".so")) return true;
    return rest.size() > 1 && rest[0] == '-' && rest[1] >= '0' && rest[1] <= '9';
}

std::optional<FrameClass> class_of_module(std::string_view module) {
    if (starts_with(module, "memfd:leakcheck")) return FrameClass::sampler;
    if (contains(module, "leakcheck") && contains(module, ".so")) return FrameClass::sampler;
    if (module == "[vdso]") return FrameClass::c_library;
    for (const Library& library : libraries) {
        if (is_library(module, library)) return library.frame_class;
    }
    return std::nullopt;
}

constexpr std::array<std::string_view, 9> allocator_functions = {
    "malloc",        "calloc",         "realloc", "reallocarray", "memalign",
    "aligned_alloc", "posix_memalign", "valloc",  "pvalloc"};

// What allocators call their own forms, behind their prefix: tc_new, mi_malloc_aligned.
constexpr std::array<std::string_view, 7> prefixed_functions = {
    "new",         "newarray",       "new_nothrow",   "newarray_nothrow",
    "new_aligned", "malloc_aligned", "calloc_aligned"};

bool is_allocator(std::string_view name) {
    if (name == "operator new" || name == "operator new[]") return true;
    if (starts_with(name, "tcmalloc::") || is_one_of(name, allocator_functions)) return true;
    for (const std::string_view prefix : {"je_", "tc_", "mi_", "__libc_", "__"}) {
        if (!starts_with(name, prefix)) continue;
        const std::string_view rest = name.substr(prefix.size());
        if (is_one_of(rest, allocator_functions) || is_one_of(rest, prefixed_functions))
            return true;
    }
    return false;
}

constexpr std::array<std::string_view, 24> c_library_functions = {
    "strdup",   "strndup",   "getline", "getdelim",     "_IO_getdelim", "_IO_getline",
    "asprintf", "vasprintf", "fopen",   "fopen64",      "fdopen",       "open_memstream",
    "opendir",  "fdopendir", "scandir", "realpath",     "getcwd",       "getaddrinfo",
    "tempnam",  "wcsdup",    "_start",  "start_thread", "clone",        "clone3"};

bool is_c_library(std::string_view name) {
    if (starts_with(name, "__libc_start_") || starts_with(name, "_dl_")) return true;
    if (is_one_of(name, c_library_functions)) return true;
    return starts_with(name, "__") && is_one_of(name.substr(2), c_library_functions);
}

bool is_standard_namespace(std::string_view name) {
    return starts_with(name, "std::") || starts_with(name, "__gnu_cxx::") ||
           starts_with(name, "__gnu_debug::") || starts_with(name, "__cxxabiv1::");
}

bool is_standard_header(std::string_view file) {
    return contains(file, "include/c++/") || contains(file, "libcxx/include/") ||
           contains(file, "libstdc++-v3/");
}

// GoogleTest's sources and headers are named gtest.*, gtest-*, gmock.* and gmock-*.
bool is_googletest_file(std::string_view file) {
    const std::string_view name = file_name(file);
    if (name == "gtest_main.cc" || name == "gmock_main.cc") return true;
    const std::string_view stem = name.substr(0, name.find_first_of(".-"));
    if (stem != "gtest" && stem != "gmock") return false;
    return contains(file, "gtest/") || contains(file, "gmock/") || contains(file, "googletest/") ||
           contains(file, "googlemock/");
}

bool is_vendored(std::string_view file) {
    static constexpr std::array<std::string_view, 7> directories = {
        "_deps",    "third_party", "third-party",    "thirdparty",
        "3rdparty", "vendor",      "vcpkg_installed"};
    for (std::size_t slash = file.find('/'); slash != std::string_view::npos;
         slash = file.find('/')) {
        if (is_one_of(file.substr(0, slash), directories)) return true;
        file.remove_prefix(slash + 1);
    }
    return false;
}

std::optional<FrameClass> class_of_function(std::string_view name, const Frame& frame) {
    if (starts_with(name, "leakcheck_probe_") || starts_with(name, "leakcheck_v1_")) {
        return FrameClass::sampler;
    }
    if (is_allocator(name)) return FrameClass::allocator;
    if (is_standard_header(frame.file)) return FrameClass::standard_library;
    if (is_googletest_file(frame.file)) return FrameClass::googletest;
    if (frame.in_project) return std::nullopt;
    if (is_standard_namespace(name)) return FrameClass::standard_library;
    if (starts_with(name, "testing::")) return FrameClass::googletest;
    if (is_c_library(name)) return FrameClass::c_library;
    return std::nullopt;
}

}  // namespace

std::string_view file_name(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

FrameClass classify_frame(const Frame& frame) {
    if (const auto known = class_of_module(file_name(frame.module))) return *known;
    if (const auto known = class_of_function(qualified_name(frame.function), frame)) return *known;
    if (frame.function.empty() && frame.module.empty()) return FrameClass::unknown;
    if (!frame.in_project) return FrameClass::other;
    return is_vendored(frame.file) ? FrameClass::vendored : FrameClass::project;
}

bool is_in_allocator_library(const Frame& frame) {
    return class_of_module(file_name(frame.module)) == FrameClass::allocator;
}

bool drives_tests(const Frame& frame) {
    static constexpr std::array<std::string_view, 7> drivers = {
        "testing::Test::Run",
        "testing::TestInfo::Run",
        "testing::TestSuite::Run",
        "testing::TestCase::Run",
        "testing::UnitTest::Run",
        "RUN_ALL_TESTS",
        "testing::internal::UnitTestImpl::RunAllTests"};
    return is_one_of(qualified_name(frame.function), drivers);
}

}  // namespace leakcheck
