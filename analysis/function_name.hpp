// SPDX-License-Identifier: Apache-2.0
//
// Reads demangled C++ function names, as cxxabi's demangler and DWARF spell them. Purely textual:
// names that follow no known spelling come back whole, never as an error. Thread safety: free
// functions without state.
#pragma once

#include <string>
#include <string_view>

namespace leakcheck {

// The name of the function with its scopes and template arguments, but without what the demangler
// puts around it: `void ns::f<int>(int) const [clone .cold]` gives `ns::f<int>`. A view into
// `function`.
std::string_view qualified_name(std::string_view function);

// The spelling that a fingerprint hashes: what changes from build to build though the source did
// not is taken away. ABI tags and parameters stay, since they tell functions apart.
//
//   f(int) [clone .constprop.0]      f(int)              optimiser's clones, in both spellings
//   f.isra.0.cold                    f
//   malloc@@GLIBC_2.2.5              malloc              symbol versions
//   f()::{lambda(int)#2}::operator() f()::$_::operator()  numbers count the lambdas before this one, and
//   f()::$_3::operator()             f()::$_::operator()  clang tells no parameters of local ones
std::string stable_name(std::string_view function);

}  // namespace leakcheck
