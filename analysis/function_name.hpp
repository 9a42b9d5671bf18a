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

// The spelling that a fingerprint hashes: the qualified name without what changes from build to build and from
// compiler to compiler though the source did not. Of inlined functions without a linkage name (static ones, by gcc)
// debug information tells no parameters, so none are used; ABI tags stay.
//
//   f(int) [clone .constprop.0]           f              optimiser's clones, in both spellings
//   f.isra.0.cold                         f
//   malloc@@GLIBC_2.2.5                   malloc         symbol versions
//   N<66>* f<N<66> >()                    f<N<66>>       results; blanks between brackets
//   f()::{lambda(int)#2}::operator()(int) {lambda}       calls of lambdas, of which compilers tell very
//   f()::$_3::operator()(int) const       {lambda}       different things: their number, the class around the
//   TestBody::(anonymous)::operator()     {lambda}       function, or neither
//   apply<f()::$_3>(f()::$_3)             apply<f()::$_> lambdas as arguments of templates
std::string stable_name(std::string_view function);

}  // namespace leakcheck
