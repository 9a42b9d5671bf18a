// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/demangle.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <string_view>

namespace leakcheck::elf {

std::string demangle(const char* symbol) {
    if (!std::string_view(symbol).starts_with("_Z")) return symbol;
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> name(
        abi::__cxa_demangle(symbol, nullptr, nullptr, &status), std::free);
    if (status != 0 || !name) return symbol;
    const std::string_view whole = name.get();
    return std::string(whole.substr(0, whole.find(" [clone ")));
}

}  // namespace leakcheck::elf
