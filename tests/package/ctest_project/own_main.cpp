// SPDX-License-Identifier: Apache-2.0
//
// own_main SIZE: no GoogleTest in it. Leaks SIZE bytes.
#include <cstdlib>

int main(int, char** arguments) {
    static void* volatile kept;
    kept = std::malloc(std::strtoul(arguments[1], nullptr, 10));
    kept = nullptr;
}
