// SPDX-License-Identifier: Apache-2.0
//
// Whose code a frame is. Told by the module's file name first, then by the function's qualified
// name, then by the source file, so that it also works for static programs and for frames without
// symbols. Thread safety: free functions without state.
//
//   class             told by
//   sampler           a module named *leakcheck*.so* or memfd:leakcheck*; leakcheck_probe_*,
//                     leakcheck_v1_*
//   allocator         libjemalloc, libtcmalloc, libmimalloc; malloc and its family, also with a
//                     prefix of je_, tc_, mi_, __libc_ or __; operator new and new[]; namespace
//                     tcmalloc
//   c_library         libc, libm, libpthread, libdl, librt, libresolv, ld.so, the vdso; in static
//                     programs the start-up code and the functions that hand out memory (strdup,
//                     getline, ...)
//   standard_library  libstdc++, libc++, libc++abi, libgcc_s, libunwind; namespaces std, __gnu_cxx,
//                     __gnu_debug, __cxxabiv1; functions in a standard library header
//   googletest        libgtest, libgmock; namespace testing; the files gtest*.{h,cc} of
//                     GoogleTest's own directories, gtest_main.cc, gmock_main.cc
//   unknown           neither function nor module is known
//   vendored          the rest, where the source is inside the project but in a directory for other
//                     people's code: _deps, third_party, third-party, thirdparty, 3rdparty, vendor,
//                     vcpkg_installed
//   project           the rest, where the source is inside the project
//   other             the rest
//
// A function of namespace std or testing whose source is inside the project and not in a header of
// that library is the project's own (std::hash<Mine>::operator(), a reopened namespace).
#pragma once

#include <string_view>

#include "analysis/report.hpp"

namespace leakcheck {

enum class FrameClass {
    sampler,
    allocator,
    c_library,
    standard_library,
    googletest,
    unknown,
    vendored,
    project,
    other,
};

FrameClass classify_frame(const Frame& frame);

// Inside the library of an allocator, whatever the function.
bool is_in_allocator_library(const Frame& frame);

// Whether the frame is GoogleTest calling a test: it and all its callers are how tests are run,
// whoever wrote them (a main() of the project's own included).
bool drives_tests(const Frame& frame);

// The part of a path behind the last slash.
std::string_view file_name(std::string_view path);

}  // namespace leakcheck
