// SPDX-License-Identifier: Apache-2.0
//
// Demangled C++ names made short enough for people to read. Thread safety: a free function without
// state.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace leakcheck {

// The name on one line of at most `limit` bytes. Defaulted template arguments of the standard
// library go, other long template argument lists become "<...>", std::basic_string<char> becomes
// std::string; where that is not enough, the parameters become "(...)" and, last of all, the end is
// cut.
std::string readable_function(std::string_view demangled, std::size_t limit);

}  // namespace leakcheck
