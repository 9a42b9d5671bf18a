// SPDX-License-Identifier: Apache-2.0
//
// C++ names for people. Thread safety: a free function without state. Errors: what is not a mangled
// name comes back as it is.
#pragma once

#include <string>

namespace leakcheck::elf {

std::string demangle(const char* symbol);

}  // namespace leakcheck::elf
